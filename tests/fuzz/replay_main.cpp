// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
// Runs a harness without libFuzzer: on every file of its corpus and on seeded mutations of them, the same ones each
// time. When the harness breaks, the input is left in `<program>.broken` in the current folder.
//
//     fuzz_csv FOLDER|FILE... [--mutations N]
#include "engine/core/system.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/mutation.h"
#include <algorithm>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>
#include <vector>

namespace
{

constexpr std::size_t limitBytes = 65'536;

// A signal handler can reach nothing else.
const char* g_input = nullptr;
std::size_t g_inputBytes = 0;
char g_brokenPath[4'096];

void keepInput(int signal)
{
    const int file = ::open(g_brokenPath, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file >= 0 && ::write(file, g_input, g_inputBytes) >= 0) {
        constexpr char said[] = "the input is kept in ";
        (void)!::write(STDERR_FILENO, said, sizeof said - 1);
        (void)!::write(STDERR_FILENO, g_brokenPath, std::strlen(g_brokenPath));
        (void)!::write(STDERR_FILENO, "\n", 1);
    }
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

void run(const std::string& input)
{
    g_input = input.data();
    g_inputBytes = input.size();
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

/// The files named, and those in the folders named, in the order of their names.
std::vector<std::string> filesOf(const std::string& path)
{
    if (!std::filesystem::is_directory(path))
        return {path};
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(path))
        out.push_back(entry.path().string());
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace

int main(int count, char** words)
{
    std::vector<std::string> inputs;
    unsigned long mutations = 0;
    for (int i = 1; i < count; ++i) {
        if (std::strcmp(words[i], "--mutations") == 0 && i + 1 < count) {
            mutations = std::strtoul(words[++i], nullptr, 10);
            continue;
        }
        for (const auto& path : filesOf(words[i])) {
            auto content = faultline::readSmallFile(path, 16U << 20);
            if (!content) {
                std::fprintf(stderr, "%s\n", content.error().text().c_str());
                return 2;
            }
            inputs.push_back(std::move(*content));
        }
    }
    if (inputs.empty()) {
        std::fprintf(stderr, "no input: name the folder of a corpus\n");
        return 2;
    }
    std::snprintf(g_brokenPath, sizeof g_brokenPath, "%s.broken", std::filesystem::path(words[0]).filename().c_str());
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL})
        ::signal(signal, keepInput);
    run({});
    for (const auto& input : inputs)
        run(input);
    faultline::Random random(1);
    for (unsigned long i = 0; i < mutations; ++i)
        run(faultline::fuzz::mutated(inputs, random, limitBytes));
    std::printf("%zu files and %lu mutations held\n", inputs.size(), mutations);
    return 0;
}
