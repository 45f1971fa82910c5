// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/hash.h"
#include <array>
#include <cstdlib>
#include <openssl/evp.h>

namespace faultline
{

std::string sha256Hex(std::span<const std::byte> bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    // Fails only when OpenSSL cannot allocate or carries no SHA-256: nothing sensible can follow.
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
        std::abort();
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(length * 2U);
    for (unsigned int i = 0; i < length; ++i) {
        out += digits[digest[i] >> 4U];
        out += digits[digest[i] & 15U];
    }
    return out;
}

} // namespace faultline
