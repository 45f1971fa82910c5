// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/models/text_format.h"
#include "engine/core/text.h"
#include <QObject>
#include <array>
#include <cmath>

namespace faultline::ui
{
namespace
{

constexpr std::array monthNames = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array dayNames = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
const QString unknown = QStringLiteral("–");

QString twoDigits(int value)
{
    return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0'));
}

QString monthName(int month)
{
    return QLatin1String(monthNames[static_cast<std::size_t>(month - 1) % 12]);
}

/// A hyphen that stands for minus becomes U+2212.
QString withMinus(QString text)
{
    return text.replace(QLatin1Char('-'), QChar(0x2212));
}

} // namespace

QString clockText(TimeUs time)
{
    if (time == noTime)
        return unknown;
    const auto civil = toCivil(time);
    return twoDigits(civil.hour) + QLatin1Char(':') + twoDigits(civil.minute) + QLatin1Char(':') +
           twoDigits(civil.second);
}

QString clockTextMs(TimeUs time)
{
    if (time == noTime)
        return unknown;
    return clockText(time) + QStringLiteral(".%1").arg(toCivil(time).micros / 1000, 3, 10, QLatin1Char('0'));
}

QString dayText(TimeUs time)
{
    if (time == noTime)
        return unknown;
    const auto civil = toCivil(time);
    const auto day = static_cast<std::size_t>(weekday(time)) % 7;
    return QStringLiteral("%1 %2 %3").arg(QLatin1String(dayNames[day])).arg(civil.day).arg(monthName(civil.month));
}

QString dateText(TimeUs time)
{
    if (time == noTime)
        return unknown;
    const auto civil = toCivil(time);
    return QStringLiteral("%1 %2 %3").arg(civil.day).arg(monthName(civil.month)).arg(civil.year);
}

QString onsetText(TimeUs time)
{
    if (time == noTime)
        return unknown;
    const auto civil = toCivil(time);
    return QStringLiteral("%1 %2 ").arg(civil.day).arg(monthName(civil.month)) + clockText(time);
}

QString shortOnsetText(TimeUs time)
{
    return time == noTime ? unknown : onsetText(time).chopped(3);
}

QString shortDurationText(DurationUs duration)
{
    struct Step {
        DurationUs length;
        const char* name;
    };
    for (const auto& [length, name] :
         {Step{day_us, "d"}, Step{hour_us, "h"}, Step{minute_us, "min"}, Step{second_us, "s"}}) {
        const double amount = static_cast<double>(duration) / static_cast<double>(length);
        if (amount >= 1.0)
            return QString::number(amount, 'f', amount < 10.0 && duration % length != 0 ? 1 : 0) + QLatin1Char(' ') +
                   QLatin1String(name);
    }
    return QStringLiteral("%1 ms").arg(duration / 1000);
}

QString durationText(DurationUs duration)
{
    return QString::fromStdString(formatDuration(duration));
}

QString timeLeftText(double seconds)
{
    if (seconds < 0.0)
        return {};
    const int whole = static_cast<int>(seconds + 0.5);
    return QObject::tr("%1:%2 left").arg(whole / 60, 2, 10, QLatin1Char('0')).arg(whole % 60, 2, 10, QLatin1Char('0'));
}

QString countText(std::uint64_t count)
{
    return QString::fromStdString(count < 10'000'000 ? formatCount(count) : formatMeasure(static_cast<double>(count)));
}

QString measureText(double value)
{
    return std::isnan(value) ? unknown : withMinus(QString::fromStdString(formatMeasure(value)));
}

QString scoreText(double score)
{
    return std::isnan(score) ? unknown : withMinus(QString::number(score, 'f', 1));
}

QString thresholdText(double score)
{
    return std::isnan(score) ? unknown : withMinus(QString::number(score, 'f', 2));
}

QString shareText(double share)
{
    if (std::isnan(share))
        return unknown;
    const double percent = share * 100.0;
    const int digits = percent > 0.0 && percent < 0.1 ? 2 : 0;
    return QString::number(percent, 'f', digits) + QStringLiteral(" %");
}

QString probabilityText(double p)
{
    if (std::isnan(p))
        return unknown;
    if (p < 1e-12)
        return QStringLiteral("<1e−12");
    if (p >= 0.995)
        return QStringLiteral("1");
    if (p >= 0.001)
        return QString::number(p, 'g', 2).mid(1);
    const int exponent = static_cast<int>(std::floor(std::log10(p)));
    return QStringLiteral("%1e−%2").arg(p / std::pow(10.0, exponent), 0, 'f', 1).arg(-exponent);
}

QString shortProbabilityText(double p)
{
    if (std::isnan(p) || p < 1e-12 || p >= 0.001)
        return probabilityText(p);
    const double exponent = std::floor(std::log10(p));
    const double figure = std::min(std::round(p / std::pow(10.0, exponent)), 9.0);
    return QStringLiteral("%1e−%2").arg(figure, 0, 'f', 0).arg(-exponent, 0, 'f', 0);
}

QString countOf(std::uint64_t count, const QString& one, const QString& many)
{
    return countText(count) + QLatin1Char(' ') + (count == 1 ? one : many);
}

QString safeText(std::string_view text)
{
    return QString::fromStdString(displayText(text));
}

} // namespace faultline::ui
