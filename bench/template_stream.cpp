// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// What live use asks of templates: bench_template_stream
// - 10,000 batches of 10 lines matched against frozen sets of 20, 200 and 2,000 templates: the cost of a batch must not
//   grow with the set. Beside it, what one copy of the set costs, which each call would pay if it were not shared.
// - how long mining of free text and matching against it go on after they were told to stop, at twenty points of each.
// - what masks add to the scan of a line.
#include "engine/core/random.h"
#include "engine/records/templates/known_templates.h"
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

namespace
{

using namespace faultline;
using namespace faultline::records::templates;
using Clock = std::chrono::steady_clock;

double microseconds(Clock::time_point since)
{
    return std::chrono::duration<double, std::micro>(Clock::now() - since).count();
}

std::string word(std::uint64_t number)
{
    std::string text;
    do
        text += static_cast<char>('a' + number % 26);
    while ((number /= 26) != 0);
    return text;
}

std::string statement(std::size_t kind, Random& random)
{
    return word(kind * 7919 + 676) + " started by " + word(kind) + ": took=" + std::to_string(random.below(1'000)) +
           "ms on 10.0.0." + std::to_string(random.below(250)) + std::string(kind % 13, '|');
}

TemplateSet setOf(std::size_t kinds)
{
    Random random(1);
    ShapeDictionary shapes;
    for (std::size_t kind = 0; kind < kinds; ++kind)
        shapes.add(statement(kind, random));
    QuietJob job;
    MiningOptions apart;
    apart.group = false;
    return mineTemplates(shapes, apart, job).value().set;
}

void matchBatches(std::size_t kinds)
{
    constexpr int calls = 10'000, lines = 10;
    const auto frozen = setOf(kinds);
    Random random(2);
    QuietJob job;
    std::size_t unseen = 0;
    const auto match = [&] {
        ShapeDictionary shapes;
        for (int i = 0; i < lines; ++i)
            shapes.add(statement(random.below(kinds), random));
        unseen += matchTemplates(shapes, frozen, job).value().set.size() - frozen.size();
    };
    match(); // makes the index
    const auto begin = Clock::now();
    for (int call = 0; call < calls; ++call)
        match();
    const double each = microseconds(begin) / calls;
    const auto copying = Clock::now();
    const auto copied = TemplateArrays::of(frozen).templates.size();
    std::printf("%5zu templates: %6.1f us a batch of %d lines (%zu unseen); a copy of the set: %8.1f us\n", copied,
                each, lines, unseen, microseconds(copying));
}

ShapeDictionary freeText(std::size_t messages, std::uint64_t seed)
{
    Random random(seed);
    ShapeDictionary shapes;
    for (std::size_t i = 0; i < messages; ++i) {
        std::string message;
        for (int n = 0; n < 9; ++n)
            message += word(random.below(20'000)) + ' ';
        shapes.add(message);
    }
    return shapes;
}

/// Runs the work once to its end, then stops it at twenty points on the way.
template <class Work>
void stopOnTheWay(const char* what, Work&& work)
{
    Progress progress;
    const auto begin = Clock::now();
    work(JobContext({}, progress));
    const double whole = microseconds(begin);
    double longest = 0.0;
    for (int point = 1; point <= 20; ++point) {
        std::stop_source stop;
        Clock::time_point told;
        std::jthread stopper([&, point] {
            std::this_thread::sleep_for(std::chrono::microseconds(static_cast<long>(whole * point / 21)));
            told = Clock::now();
            stop.request_stop();
        });
        work(JobContext(stop.get_token(), progress));
        const auto returned = Clock::now();
        stopper.join();
        longest = std::max(longest, std::chrono::duration<double, std::milli>(returned - told).count());
    }
    std::printf("%-28s %6.0f ms; told to stop at 20 points, it went on for %.1f ms at most\n", what, whole / 1e3,
                longest);
}

void maskLines(const char* what, const std::vector<Mask>& masks)
{
    constexpr int lines = 300'000;
    Random random(3);
    std::vector<std::string> messages;
    for (int i = 0; i < 1'000; ++i)
        messages.push_back(statement(random.below(50), random));
    const MaskScope scope(MessageMasks::compile(masks).value());
    double best = 1e300;
    for (int repeat = 0; repeat < 5; ++repeat) {
        ShapeDictionary shapes;
        const auto begin = Clock::now();
        for (std::size_t i = 0; i < lines; ++i)
            shapes.add(messages[i % messages.size()]);
        best = std::min(best, microseconds(begin));
    }
    std::printf("%-28s %6.0f ns a line\n", what, best * 1e3 / lines);
}

} // namespace

int main()
{
    for (const std::size_t kinds : {20U, 200U, 2'000U})
        matchBatches(kinds);
    const auto text = freeText(150'000, 1), other = freeText(150'000, 2);
    stopOnTheWay("mining 150,000 free texts", [&](JobContext job) { static_cast<void>(mineTemplates(text, {}, job)); });
    QuietJob job;
    const auto frozen = mineTemplates(text, {}, job).value().set;
    stopOnTheWay("matching 150,000 to them",
                 [&](JobContext watched) { static_cast<void>(matchTemplates(other, frozen, watched)); });
    maskLines("no mask", {});
    maskLines("a mask that matches", {{.pattern = "took=(\\d+)", .name = "took"}});
    maskLines("a mask that does not", {{.pattern = "order-(\\d+)", .name = "order"}});
    maskLines("four that do not", {{.pattern = "order-(\\d+)", .name = "order"},
                                   {.pattern = "[A-Z]{3}-\\d{4}", .name = "ticket"},
                                   {.pattern = "user '(\\w+)'", .name = "user"},
                                   {.pattern = "tenant/(\\w+)", .name = "tenant"}});
    return 0;
}
