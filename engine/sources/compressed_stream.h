// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/sources/byte_stream.h"
#include "engine/sources/codec.h"
#include <vector>

namespace faultline::sources
{

struct CompressedStreamSetup {
    std::string path; ///< for messages
    Compression compression = Compression::Gzip;
    std::uint64_t packedBytes = 0; ///< size of the file; 0 = not known (a pipe)
    bool allowExpansion = false;
    StopSignalPtr stop{}; ///< asked for each piece of input: members may hold nothing for a long time
};

/// The content of a compressed stream: its members one after the other. Zeros behind a member are padding, anything
/// else that begins no member is garbage and a problem(); so are damage and an early end, before which everything is
/// handed over. Ends with an error beyond the ExpansionLimit.
class CompressedStream final : public ByteStream
{
public:
    CompressedStream(std::unique_ptr<ByteStream> packed, CompressedStreamSetup setup);
    [[nodiscard]] Result<std::size_t> fill(std::span<char> target) override;
    /// Of the compressed bytes, those that have been decoded.
    [[nodiscard]] std::uint64_t consumedFileBytes() const override { return m_taken - m_input.size(); }
    [[nodiscard]] std::string problem() const override { return m_problem.empty() ? m_packed->problem() : m_problem; }
    [[nodiscard]] bool endedEarly() const override { return !m_problem.empty() || m_packed->endedEarly(); }

private:
    [[nodiscard]] Result<void> refill();
    [[nodiscard]] Result<void> step(std::span<unsigned char>& output);
    [[nodiscard]] Result<void> nextMember();
    [[nodiscard]] Result<void> stopAt(const std::string& what);

    std::unique_ptr<ByteStream> m_packed;
    CompressedStreamSetup m_setup;
    std::unique_ptr<Codec> m_codec;
    std::vector<unsigned char> m_buffer;
    std::span<const unsigned char> m_input; ///< what is left in the buffer
    std::uint64_t m_taken = 0;              ///< compressed bytes taken from below
    std::uint64_t m_content = 0;
    bool m_inMember = false;
    bool m_inputEnded = false;
    bool m_done = false;
    std::string m_problem;
};

} // namespace faultline::sources
