// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/format_catalogue.h"
#include "engine/records/format_files.h"
#include "engine/records/layout_catalogue.h"
#include "engine/records/loader.h"
#include "engine/records/user_format_reader.h"
#include "tests/engine/records/scratch_folder.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>
#include <tbb/global_control.h>

namespace faultline::records
{
namespace
{

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string payment = R"(name: payment
description: Lines of the payment service
pattern: '(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+) \[(?P<level>\w+)\] (?P<host>[\w.-]+) (?P<duration>\d+)us (?P<order>o\d+)? ?- '
time: '%Y-%m-%d %H:%M:%S.%f'
zone: Europe/Berlin
fields:
  duration: {type: number, unit: s, scale: 1e-6}
levels: {NOTE: info, OOPS: error}
entity: host
session: order
samples:
  - '2026-03-12 14:03:30.250 [INFO] shop-1 1200us o17 - order placed'
)";

const std::string paymentLines = "2026-03-12 14:03:30.250 [OOPS] shop-1 1200us o17 - order placed\n"
                                 "  at Shop.place(Shop.java:17)\n"
                                 "2026-03-12 14:03:31.250 [NOTE] shop-2 900us - idle\n";

Error refused(const std::string& yaml)
{
    const auto format = parseUserFormat(yaml, "my.yaml");
    EXPECT_FALSE(format.has_value()) << yaml;
    return format ? Error{} : format.error();
}

Result<RecordSet> tryLoad(const std::vector<std::string>& inputs, const ParseOptions& parse)
{
    LoadOptions options;
    options.parse = parse;
    QuietJob job;
    return load(inputs, options, job);
}

RecordSet loaded(const std::string& yaml, const std::string& content, ParseOptions parse = {})
{
    const ScratchFolder folder("user_format");
    parse.format = folder.write("own.yaml", yaml);
    auto set = tryLoad({folder.write("app.log", content)}, parse);
    EXPECT_TRUE(set.has_value()) << (set ? "" : set.error().text());
    return set ? std::move(*set) : RecordSet{};
}

TEST(UserFormat, ReadsTimeLevelEntitySessionFieldsAndMessage)
{
    const auto set = loaded(payment, paymentLines);
    const auto& table = set.table;
    ASSERT_EQ(table.size(), 2U);
    EXPECT_EQ(formatIso8601(table.time[0]), "2026-03-12T13:03:30.250Z");
    EXPECT_EQ(table.level[0], Level::Error);
    EXPECT_EQ(table.level[1], Level::Info);
    EXPECT_EQ(table.entities[table.entity[0]], "shop-1");
    ASSERT_EQ(table.fields.size(), 1U);
    EXPECT_EQ(table.fields[0].unit(), "s");
    EXPECT_NEAR(table.fields[0][0], 0.0012, 1e-12);
    EXPECT_THAT(set.sessions.keys.all(), ElementsAre("o17"));
    EXPECT_EQ(set.templates.templates[table.templateId[1]].text, "idle");
    EXPECT_EQ(set.reports[0].continuationLines, 1U);
    EXPECT_EQ(set.reports[0].detection.format, "payment");
    EXPECT_EQ(set.reports[0].detection.zone, "Europe/Berlin (given)");
    EXPECT_EQ(set.reports[0].zone.name(), "Europe/Berlin");
}

TEST(UserFormat, TheZoneOfTheCommandLineWinsOverTheFormats)
{
    ParseOptions parse;
    parse.zone = *TimeZone::named("+05:00");
    parse.zoneGiven = true;
    EXPECT_EQ(formatIso8601(loaded(payment, paymentLines, parse).table.time[0]), "2026-03-12T09:03:30.250Z");
}

TEST(UserFormat, ASampleThatDoesNotMatchSaysWhereItStops)
{
    auto yaml = payment;
    yaml.replace(yaml.find("[INFO] shop-1 1200us o17"), 6, "INFO");
    const auto error = refused(yaml);
    EXPECT_EQ(error.code, ErrorCode::Config);
    EXPECT_EQ(error.where.file, "my.yaml");
    EXPECT_EQ(error.where.line, 12U);
    EXPECT_THAT(error.message,
                AllOf(HasSubstr("column 25"), HasSubstr("expected the text `[`"), HasSubstr("found `INFO shop-1")));
}

TEST(UserFormat, ALogThatDoesNotMatchSaysWhereItsFirstLineStops)
{
    const ScratchFolder folder("user_format_misfit");
    ParseOptions parse;
    parse.format = folder.write("own.yaml", payment);
    const auto set = tryLoad({folder.write("app.log", "\n2026-03-12 14:03:30,250 [INFO] x\n")}, parse);
    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().code, ErrorCode::Config);
    EXPECT_EQ(set.error().where.line, 2U);
    EXPECT_EQ(set.error().where.column, 20U);
    EXPECT_THAT(set.error().message, HasSubstr("in the group `time`: expected the text `.`"));
}

TEST(UserFormat, MistakesAreNamedWithTheirPlaceAndRemedy)
{
    EXPECT_THAT(refused("patern: a\n").hint, HasSubstr("did you mean `pattern`?"));
    EXPECT_THAT(refused("pattern: '(a'\n").message, HasSubstr("not a valid pattern"));
    EXPECT_THAT(refused("name: x\n").message, HasSubstr("has no pattern"));
    EXPECT_THAT(refused("pattern: '\\d*'\n").message, HasSubstr("matches an empty line"));
    EXPECT_THAT(refused("pattern: a\nname: a\nname: b\n").message, HasSubstr("stands twice"));
    EXPECT_THAT(refused("pattern: &x a\nname: *x\n").message, HasSubstr("anchors and aliases"));
    EXPECT_THAT(refused("pattern: '(?P<time>\\S+) '\ntime: '%Y-%Q'\n").message, HasSubstr("unknown directive"));
    EXPECT_THAT(refused("pattern: 'x '\ntime: '%F %T'\n").message, HasSubstr("no pattern has a group `time`"));
    EXPECT_THAT(refused("pattern: '(?P<host>\\S+) '\nentity: hostt\n").hint, HasSubstr("did you mean `host`?"));
    EXPECT_THAT(refused("pattern: '(?P<n>\\S+) '\nfields: {n: {type: nmber}}\n").hint,
                HasSubstr("did you mean `number`?"));
    EXPECT_THAT(refused("pattern: '(?P<n>\\S+) '\nfields: {n: number}\nsamples: ['x y']\n").message,
                HasSubstr("is no number"));
    EXPECT_THAT(refused("pattern: '(?P<time>\\S+) '\ntime: '%F'\nsamples: ['12.03.2026 y']\n").message,
                HasSubstr("does not read as %F"));
    EXPECT_THAT(refused("pattern: a\nlevels: {X: loud}\n").message, HasSubstr("`loud` is not a level"));
    EXPECT_THAT(refused("pattern: a\nzone: Europe/Berlln\n").hint, HasSubstr("Europe/Berlin"));
    EXPECT_THAT(refused("").message, HasSubstr("empty"));
    EXPECT_THAT(refused(std::string(1'000'001, 'a')).message, HasSubstr("larger than 1 MB"));
    EXPECT_EQ(refused("pattern: a\n\nzzz: 1\n").where.line, 3U);
}

TEST(UserFormat, NamedGroupsOfOtherLanguagesAreTaken)
{
    EXPECT_TRUE(parseUserFormat("pattern: '(?<time>\\S+) (?<level>\\w+)'\n", "my.yaml"));
}

TEST(UserFormat, ContinuationAndStartPatternsJoinLines)
{
    const std::string lines = "A 1\n+ more\nA 2\nodd\nA 3\n";
    const auto continued =
        loaded("pattern: '(?P<kind>\\w+) '\nmultiline: {continuation: '^\\+'}\nunmatched: record\n", lines);
    EXPECT_EQ(continued.table.size(), 4U);
    EXPECT_EQ(continued.reports[0].continuationLines, 1U);
    const auto started = loaded("pattern: '(?P<kind>\\w+) '\nmultiline: {starts: '^A'}\n", lines);
    EXPECT_EQ(started.table.size(), 3U);
    EXPECT_EQ(started.reports[0].continuationLines, 2U);
    EXPECT_EQ(started.text(0).value(), "A 1\n+ more");
}

TEST(UserFormat, UnmatchedLinesCanBeRejected)
{
    const auto set = loaded("pattern: '(?P<kind>A) '\nunmatched: reject\n", "A 1\nodd\n\nA 2\n");
    const auto& report = set.reports[0];
    EXPECT_EQ(report.rejectedLines, 1U);
    EXPECT_EQ(report.rejected[0].line, 2U);
    EXPECT_EQ(report.lines, report.records + report.continuationLines + report.blankLines + report.rejectedLines);
}

TEST(UserFormat, TheFirstOfSeveralPatternsThatMatchesCounts)
{
    const auto set = loaded("patterns: ['IN (?P<size>\\d+) ', 'OUT (?P<host>\\w+) (?P<size>\\d+) ']\nfields: {size: "
                            "number}\nentity: host\n",
                            "IN 5 bytes came\nOUT web 7 bytes went\n");
    ASSERT_EQ(set.table.size(), 2U);
    EXPECT_EQ(set.table.fields[0][0], 5.0);
    EXPECT_EQ(set.table.fields[0][1], 7.0);
    EXPECT_EQ(set.table.entities[set.table.entity[1]], "web");
}

TEST(UserFormat, TimesWithoutYearOrDateAreCompleted)
{
    const auto year =
        loaded("pattern: '(?P<time>\\w+ +\\d+ \\S+) '\ntime: '%b %e %T'\n", "Dec 31 23:59:59 a\nJan 1 00:00:01 b\n");
    EXPECT_EQ(year.table.time[1] - year.table.time[0], 2 * second_us);
    const auto day = loaded("pattern: '(?P<time>\\S+) '\ntime: '%T'\n", "23:59:59 a\n00:00:01 b\n");
    EXPECT_EQ(day.table.time[1] - day.table.time[0], 2 * second_us);
    EXPECT_GT(day.table.time[0], 0);
}

TEST(UserFormat, AutomaticTimesAreReadInTheirShape)
{
    EXPECT_EQ(
        formatIso8601(loaded("pattern: '<(?P<time>[^>]+)> '\n", "<12/Mar/2026:14:03:30 +0100> x\n").table.time[0]),
        "2026-03-12T13:03:30Z");
    EXPECT_EQ(formatIso8601(loaded("pattern: '(?P<time>\\d+) '\n", "1773324210250 x\n1773324210251 y\n").table.time[0]),
              "2026-03-12T14:03:30.250Z");
}

TEST(UserFormat, ADateAndAZoneMayStandInGroupsOfTheirOwn)
{
    const auto set = loaded("pattern: '(?P<date>\\S+) \\w+ (?P<time>\\S+) (?P<zone>\\S+) '\ntime: '%F %T'\n",
                            "2026-07-01 at 12:00:00 Europe/Berlin x\n2026-07-01 at 12:00:00 America/New_York "
                            "x\n2026-07-01 at 12:00:00 nowhere x\n");
    EXPECT_EQ(formatIso8601(set.table.time[0]), "2026-07-01T10:00:00Z");
    EXPECT_EQ(formatIso8601(set.table.time[1]), "2026-07-01T16:00:00Z");
    EXPECT_EQ(formatIso8601(set.table.time[2]), "2026-07-01T12:00:00Z");
}

TEST(UserFormat, BlocksAndThreadsDoNotChangeTheRecords)
{
    std::string lines;
    for (int i = 0; lines.size() < (3U << 20); ++i)
        lines += paymentLines;
    const auto fingerprint = [&](std::size_t threads) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        const auto set = loaded(payment, lines);
        std::vector<std::uint64_t> out{set.reports[0].lines, set.reports[0].continuationLines, set.table.size()};
        for (std::size_t i = 0; i < set.table.size(); i += 97)
            out.insert(out.end(),
                       {set.table.offset[i], set.table.bytes[i], set.table.entity[i], set.table.templateId[i]});
        return out;
    };
    const auto one = fingerprint(1);
    EXPECT_EQ(one, fingerprint(4));
    EXPECT_EQ(one[1] * 2, one[2]); // each second record is followed by a line of its trace, across blocks, too
}

TEST(UserFormat, FormatsOfAFolderTakePartInDetection)
{
    const ScratchFolder folder("user_format_folder");
    folder.write("payment.yaml", payment);
    folder.write("broken.yaml", "pattern: '('\n");
    const auto found = readFormatFolder(folder.path());
    ASSERT_EQ(found.formats.size(), 1U);
    EXPECT_EQ(found.problems.size(), 1U);
    ParseOptions parse;
    parse.ownFormats = found.formats;
    const auto own = tryLoad({folder.write("app.log", paymentLines)}, parse);
    ASSERT_TRUE(own);
    EXPECT_EQ(own->reports[0].detection.format, "payment");
    const auto other = tryLoad({folder.write("other.log", "Jun 14 15:16:01 web sshd[1]: session opened\n")}, parse);
    ASSERT_TRUE(other);
    EXPECT_NE(other->reports[0].detection.format, "payment");
}

TEST(UserFormat, IsFoundByItsNameAndNeedsNoFileAfterwards)
{
    ParseOptions parse;
    {
        const ScratchFolder folder("user_format_inline");
        parse.format = folder.write("own.yaml", payment);
        parse = resolveFormat(parse).value();
    }
    EXPECT_EQ(parse.format, "payment");
    const ScratchFolder folder("user_format_inline_log");
    const auto set = tryLoad({folder.write("app.log", paymentLines)}, parse);
    ASSERT_TRUE(set) << set.error().text();
    EXPECT_EQ(set->reports[0].detection.format, "payment");
}

TEST(FormatCatalogue, EveryNamedLayoutReadsTheExampleOfItsName)
{
    for (const auto& format : describeFormats({})) {
        bool isLayout = false, reads = false;
        for (const auto* layouts : {&namedLayouts(), &envelopes()})
            for (const auto& layout : *layouts)
                if (layout.name == format.name) {
                    LineMatch match;
                    matchLine(layout, format.example, {.assumedYear = 2000}, match);
                    isLayout = true;
                    reads = reads || match.complete;
                }
        EXPECT_TRUE(reads || !isLayout) << format.name << ": " << format.example;
    }
}

TEST(FormatCatalogue, NamesEachFormatOnce)
{
    std::set<std::string> names;
    for (const auto& format : describeFormats({}))
        EXPECT_TRUE(names.insert(format.name).second) << format.name;
}

} // namespace
} // namespace faultline::records
