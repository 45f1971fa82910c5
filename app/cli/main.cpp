// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "app/cli/command.h"
#include <csignal>
#include <cstdio>
#include <exception>

namespace
{

using namespace faultline;

enum ExitCode : int { Done = 0, BadUsage = 2, BadInput = 3, Stopped = 4, Failed = 5 };

ExitCode exitCode(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Usage:
    case ErrorCode::Config:
        return BadUsage;
    case ErrorCode::Io:
    case ErrorCode::Parse:
        return BadInput;
    case ErrorCode::Cancelled:
        return Stopped;
    case ErrorCode::Numeric:
    case ErrorCode::Store:
    case ErrorCode::Internal:
        return Failed;
    }
    return Failed;
}

std::string quoted(const std::string& word)
{
    const bool plain =
        !word.empty() &&
        word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,@%+") ==
            std::string::npos;
    if (plain)
        return word;
    std::string out = "'";
    for (const char c : word)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

int run(int argc, char** argv)
{
    CLI::App app("Finds out what went wrong in a system from its logs and metrics.", "faultline");
    app.set_version_flag("--version", std::string("faultline ") + FAULTLINE_VERSION);
    app.require_subcommand(1);
    app.footer("`faultline COMMAND --help` shows each command's options with an example.");
    cli::Outcome outcome;
    cli::addAnalyze(app, outcome);
    cli::addScore(app, outcome);
    cli::addTemplates(app, outcome);
    cli::addInspect(app, outcome);
    cli::addGenerate(app, outcome);
    cli::addCatalogue(app, outcome);
    cli::addFormats(app, outcome);
    cli::commandLine() = "faultline";
    for (int i = 1; i < argc; ++i)
        cli::commandLine() += " " + quoted(argv[i]);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        if (problem.get_exit_code() == 0)
            return app.exit(problem);
        std::fprintf(stderr, "faultline: %s (see `faultline --help`)\n", problem.what());
        return BadUsage;
    }
    const auto done = outcome();
    if (std::fflush(stdout) != 0)
        return Failed;
    if (done)
        return Done;
    std::fprintf(stderr, "%s\n", done.error().text().c_str());
    return exitCode(done.error().code);
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(
        SIGXFSZ,
        SIG_IGN); // a file-size limit then shows as a write error, with a message, instead of killing the program
    try {
        return run(argc, argv);
    } catch (const std::bad_alloc&) {
        std::fprintf(stderr, "faultline: out of memory (use a larger --window or fewer inputs)\n");
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "faultline: internal error: %s (please report it)\n", problem.what());
    }
    return Failed;
}
