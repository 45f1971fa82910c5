// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/ui/support/log_files.h"
#include "engine/core/time.h"
#include <QDir>
#include <QFile>
#include <array>

namespace faultline::testsupport
{

QString writeLog(const QString& folder, std::uint64_t lines, int stepMs)
{
    const QString path = QDir(folder).filePath(QStringLiteral("shop.log"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return {};
    constexpr std::array services = {"gateway", "checkout", "payments"};
    const TimeUs start = fromCivil({2026, 3, 12, 8, 0, 0, 0});
    QByteArray out;
    for (std::uint64_t i = 0; i < lines; ++i) {
        const bool trouble = i >= lines * 700 / 1000 && i < lines * 701 / 1000;
        const auto time = formatIso8601(start + static_cast<TimeUs>(i) * stepMs * 1000);
        const auto n = QByteArray::number(static_cast<qulonglong>(i * 7919 % 100'000));
        out +=
            QByteArray::fromStdString(time) + (trouble && i % 2 == 0 ? " ERROR " : " INFO ") + services[i % 3] + ": ";
        if (trouble && i % 2 == 0)
            out += "charge failed for order " + n + ": upstream unavailable\n";
        else if (i % 5 == 0)
            out += "cache hit for page " + n + "\n";
        else
            out +=
                "GET /v1/catalog/" + n + " took " + QByteArray::number(static_cast<qulonglong>(20 + i % 17)) + " ms\n";
        if (out.size() > 1'000'000) {
            file.write(out);
            out.clear();
        }
    }
    file.write(out);
    return path;
}

} // namespace faultline::testsupport
