// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/quantity_rules.h"
#include "engine/records/templates/text_cursor.h"

namespace faultline::records::templates
{

namespace
{

constexpr std::array weekdays = {packed("Mon"), packed("Tue"), packed("Wed"), packed("Thu"),
                                 packed("Fri"), packed("Sat"), packed("Sun")};
constexpr std::array months = {packed("Jan"), packed("Feb"), packed("Mar"), packed("Apr"),
                               packed("May"), packed("Jun"), packed("Jul"), packed("Aug"),
                               packed("Sep"), packed("Oct"), packed("Nov"), packed("Dec")};

bool clock(TextCursor& c)
{
    if (!(c.digits(1, 2) && c.one(':') && c.digits(2, 2) && c.one(':') && c.digits(2, 2)))
        return false;
    c.attempt([](TextCursor& t) { return t.oneOf(".,") && t.digits(1); });
    return true;
}

/// `Jan 2, 2006 10:00:01 UTC 2006`
bool monthFirst(TextCursor& c)
{
    if (!(c.abbreviation(months) && c.one(' ')))
        return false;
    c.one(' ');
    if (!c.digits(1, 2))
        return false;
    c.one(',');
    if (!c.one(' '))
        return false;
    c.attempt([](TextCursor& t) { return t.digits(4, 4) && t.one(' '); });
    if (!clock(c))
        return false;
    c.attempt([](TextCursor& t) { return t.one(' ') && t.capitals(3, 4) && t.endsWord(); });
    c.attempt([](TextCursor& t) { return t.one(' ') && t.digits(4, 4) && t.endsWord(); });
    return c.endsWord();
}

/// `2 Jan 2006 10:00:01 +0100`
bool dayFirst(TextCursor& c)
{
    if (!(c.digits(1, 2) && c.one(' ') && c.abbreviation(months) && c.one(' ') && c.digits(4, 4) && c.one(' ') &&
          clock(c)))
        return false;
    c.attempt([](TextCursor& t) { return t.one(' ') && (t.capitals(3, 4) || (t.oneOf("+-") && t.digits(4, 4))); });
    return true;
}

/// `2006-01-02T10:00:01.5+01:00`
bool yearFirst(TextCursor& c)
{
    if (!(c.digits(4, 4) && c.oneOf("-/.") && c.digits(1, 2) && c.oneOf("-/.") && c.digits(1, 2) && c.oneOf(" T_") &&
          clock(c)))
        return false;
    c.one('Z') || c.attempt([](TextCursor& t) {
        return t.oneOf("+-") && t.digits(2, 2) && (t.one(':') || true) && t.digits(2, 2);
    });
    return true;
}

/// `+1,234.5`; a sign of comparison may stand before it.
bool number(TextCursor& c)
{
    c.oneOf("<>");
    c.oneOf("+-");
    if (!c.digits(1))
        return false;
    while (c.attempt([](TextCursor& t) { return t.oneOf(".,") && t.digits(1); }))
        ;
    return true;
}

bool byteUnit(TextCursor& c)
{
    return c.attempt([](TextCursor& t) { return t.oneOf("kKMGTP") && (t.one('i') || true) && t.oneOf("bB"); }) ||
           c.one('B');
}

bool shortUnit(TextCursor& c)
{
    return c.attempt([](TextCursor& t) { return byteUnit(t) && t.endsWord(); }) || c.attempt([](TextCursor& t) {
        return (t.literal("ms") || t.literal("us") || t.literal("ns") || t.literal("secs") || t.literal("sec") ||
                t.literal("KBytes")) &&
               t.endsWord();
    });
}

/// ` (1.2 KB)`, the same size once more
bool sizeInBrackets(TextCursor& c, bool words)
{
    return c.attempt([words](TextCursor& t) {
        return t.literal(" (") && number(t) && (t.one(' ') || true) &&
               (shortUnit(t) || (words && t.literal("bytes"))) && t.one(')');
    });
}

constexpr std::array<std::string_view, 8> unitWords = {"bytes",        "bits",    "seconds", "milliseconds",
                                                       "microseconds", "minutes", "hours",   "days"};

} // namespace

bool startsDate(std::string_view word)
{
    TextCursor c{.text = word};
    return word.size() == 3 && (c.abbreviation(weekdays) || c.abbreviation(months));
}

std::size_t endOfDate(std::string_view text, std::size_t at)
{
    TextCursor c{.text = text, .at = at};
    if (isDigit(c.peek()))
        return c.attempt(yearFirst) || c.attempt(dayFirst) ? c.at : 0;
    if (c.abbreviation(weekdays)) {
        c.one(',');
        if (!c.one(' '))
            return 0;
    }
    return c.attempt(monthFirst) || c.attempt(dayFirst) ? c.at : 0;
}

Quantity quantityAt(std::string_view text, std::size_t at)
{
    TextCursor c{.text = text, .at = at};
    if (!number(c))
        return {};
    const auto afterNumber = c.at;
    const bool blank = c.one(' ');
    if (!isOneOf(c.peek(), "kKMGTPBbmunshd")) // what a unit begins with
        return {};
    if (blank && c.attempt([](TextCursor& t) { return (t.literal("bytes") || t.one('B')) && sizeInBrackets(t, true); }))
        return {.end = c.at};
    if (shortUnit(c)) {
        sizeInBrackets(c, false);
        return {.end = c.at};
    }
    if (!blank)
        return {};
    for (const auto word : unitWords)
        if (c.literal(word))
            return c.endsWord() && c.peek() != '('
                       ? Quantity{.end = c.at, .unitWord = text.substr(afterNumber, c.at - afterNumber)}
                       : Quantity{};
    return {};
}

} // namespace faultline::records::templates
