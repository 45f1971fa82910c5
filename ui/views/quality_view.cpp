// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/views/quality_view.h"
#include "engine/core/text.h"
#include "ui/models/text_format.h"
#include "ui/theme/theme.h"
#include <QEvent>
#include <QScrollBar>
#include <algorithm>

namespace faultline::ui
{
namespace
{

using records::QualityReport;
using records::Severity;
using records::SourceQuality;

constexpr std::size_t mostColumns = 200, mostExamples = 40;

QString escaped(std::string_view text)
{
    return safeText(text).toHtmlEscaped();
}

QString coloured(const QString& html, const QColor& colour)
{
    return QStringLiteral("<span style='color:%1'>%2</span>").arg(colour.name(), html);
}

QString heading(const QString& text)
{
    return QStringLiteral("<p style='margin-top:16px; margin-bottom:4px'><b>%1</b></p>").arg(text.toHtmlEscaped());
}

QString fileName(const std::string& path)
{
    return escaped(std::string_view(path).substr(path.find_last_of('/') + 1));
}

QColor severityColour(Severity severity)
{
    const auto& theme = Theme::current();
    switch (severity) {
    case Severity::Problem:
        return theme.levelText[static_cast<std::size_t>(records::Level::Error)];
    case Severity::Warning:
        return theme.levelText[static_cast<std::size_t>(records::Level::Warn)];
    case Severity::Info:
        break;
    }
    return theme.muted;
}

QString severityText(Severity severity)
{
    switch (severity) {
    case Severity::Problem:
        return QObject::tr("Problem");
    case Severity::Warning:
        return QObject::tr("Warning");
    case Severity::Info:
        break;
    }
    return QObject::tr("Note");
}

QString findingText(const records::Finding& finding)
{
    const auto& theme = Theme::current();
    QString place;
    if (!finding.where.empty())
        place = fileName(finding.where);
    if (finding.line > 0)
        place += QObject::tr(", line %1").arg(countText(finding.line));
    QString out =
        QStringLiteral("<p style='margin-top:6px; margin-bottom:0px'><b>%1</b>&nbsp;&nbsp;%2")
            .arg(coloured(severityText(finding.severity), severityColour(finding.severity)), escaped(finding.text));
    if (!place.isEmpty())
        out += QStringLiteral("&nbsp;&nbsp;") + coloured(place, theme.muted);
    if (!finding.remedy.empty())
        out += QStringLiteral("<br>") + coloured(escaped(finding.remedy), theme.text2);
    return out + QStringLiteral("</p>");
}

/// A table whose first column is text and whose others are numbers, right-aligned.
class TableText
{
public:
    explicit TableText(const QStringList& heads)
    {
        m_html = QStringLiteral("<table cellspacing=0 cellpadding=3>");
        row(heads, Theme::current().muted);
    }
    void row(const QStringList& cells, const QColor& colour = Theme::current().text)
    {
        m_html += QStringLiteral("<tr>");
        for (qsizetype i = 0; i < cells.size(); ++i)
            m_html += QStringLiteral("<td align='%1' style='padding-right:14px; color:%2'>%3</td>")
                          .arg(i == 0 ? QStringLiteral("left") : QStringLiteral("right"), colour.name(), cells[i]);
        m_html += QStringLiteral("</tr>");
    }
    [[nodiscard]] QString html() const { return m_html + QStringLiteral("</table>"); }

private:
    QString m_html;
};

QStringList accountOf(const QString& name, const SourceQuality& source)
{
    const QString span = source.start == noTime
                             ? QObject::tr("no times")
                             : onsetText(source.start) + QStringLiteral(" – ") + onsetText(source.end);
    return {name,
            escaped(source.format),
            shareText(source.confidence),
            escaped(source.encoding),
            countText(source.lines),
            countText(source.records),
            countText(source.continuationLines),
            countText(source.blankLines + source.headerLines),
            countText(source.rejectedLines),
            countText(source.time.inherited + source.time.none),
            countText(source.time.gapCount),
            span};
}

QString accountText(const QualityReport& report)
{
    TableText table({QObject::tr("Source"), QObject::tr("Format"), QObject::tr("Sure"), QObject::tr("Encoding"),
                     QObject::tr("Lines"), QObject::tr("Records"), QObject::tr("Joined"), QObject::tr("Blank, header"),
                     QObject::tr("Rejected"), QObject::tr("Without time"), QObject::tr("Gaps"),
                     QObject::tr("From, to (UTC)")});
    for (const auto& source : report.sources)
        table.row(accountOf(fileName(source.path), source));
    if (report.sources.size() > 1)
        table.row(accountOf(QObject::tr("all"), report.total), Theme::current().text2);
    return heading(QObject::tr("Lines of each source")) + table.html();
}

QString gapText(const QualityReport& report)
{
    TableText table({QObject::tr("Silence in"), QObject::tr("From (UTC)"), QObject::tr("To"), QObject::tr("Length"),
                     QObject::tr("Before line")});
    std::size_t rows = 0;
    for (const auto& source : report.sources)
        for (const auto& gap : source.time.gaps) {
            if (rows++ == mostExamples)
                break;
            table.row({fileName(source.path), onsetText(gap.begin), onsetText(gap.end),
                       durationText(gap.end - gap.begin), countText(gap.line)});
        }
    return rows == 0 ? QString() : heading(QObject::tr("Gaps in time")) + table.html();
}

QString rejectedText(const QualityReport& report)
{
    QString out;
    std::size_t rows = 0;
    for (const auto& source : report.sources)
        for (const auto& line : source.rejectedExamples) {
            if (rows++ == mostExamples)
                break;
            out += QStringLiteral("<p style='margin-top:4px; margin-bottom:0px'>%1<br>"
                                  "<span style='font-family:\"JetBrains Mono\",\"DejaVu Sans Mono\"'>%2</span></p>")
                       .arg(coloured(QObject::tr("%1, line %2: %3")
                                         .arg(fileName(source.path), countText(line.line), escaped(line.reason)),
                                     Theme::current().text2),
                            escaped(line.text));
        }
    return out.isEmpty() ? out : heading(QObject::tr("Rejected lines, examples")) + out;
}

QStringList columnCells(const records::ColumnReport& column)
{
    const auto given = std::max<std::uint64_t>(column.values, 1);
    return {escaped(column.name),
            escaped(records::fieldRoleName(column.role)),
            escaped(records::columnTypeName(column.type)),
            escaped(column.unit),
            shareText(static_cast<double>(column.missing) / static_cast<double>(given)),
            (column.distinctExact ? QString() : QStringLiteral("≈ ")) + countText(column.distinct),
            measureText(column.min),
            measureText(column.max),
            escaped(column.note)};
}

QString columnsText(const QualityReport& report)
{
    const QStringList heads{QObject::tr("Column"),   QObject::tr("Is"),      QObject::tr("Holds"),
                            QObject::tr("Unit"),     QObject::tr("Missing"), QObject::tr("Different"),
                            QObject::tr("Smallest"), QObject::tr("Largest"), QObject::tr("Note")};
    QString out;
    for (const auto& source : report.sources) {
        if (source.columns.empty())
            continue;
        TableText table(heads);
        for (std::size_t i = 0; i < std::min(source.columns.size(), mostColumns); ++i)
            table.row(columnCells(source.columns[i]));
        out +=
            heading(QObject::tr("Columns of %1").arg(safeText(source.path.substr(source.path.find_last_of('/') + 1))));
        out += table.html();
        if (source.columns.size() > mostColumns)
            out += QStringLiteral("<p>%1</p>")
                       .arg(QObject::tr("and %1 more").arg(countText(source.columns.size() - mostColumns)));
    }
    return out;
}

QString cardinalityText(const QualityReport& report)
{
    const auto& all = report.total;
    QStringList facts{countOf(all.entities, QObject::tr("entity"), QObject::tr("entities")),
                      countOf(all.templates, QObject::tr("template"), QObject::tr("templates")) +
                          QObject::tr(" (%1 seen once)").arg(countText(all.singletons)),
                      countOf(report.sessions, QObject::tr("session key"), QObject::tr("session keys")),
                      countOf(all.text.duplicateLines, QObject::tr("duplicate line"), QObject::tr("duplicate lines")),
                      QObject::tr("longest line %1").arg(QString::fromStdString(formatBytes(all.text.longestBytes)))};
    return heading(QObject::tr("What it holds")) +
           QStringLiteral("<p style='margin:0px'>%1</p>").arg(facts.join(QStringLiteral("&nbsp;&nbsp;·&nbsp;&nbsp;")));
}

} // namespace

QString qualityText(const QualityReport& report)
{
    QString out;
    if (report.findings.empty())
        out += QStringLiteral("<p>%1</p>").arg(QObject::tr("Nothing about this data calls for action."));
    for (const auto& finding : report.findings)
        out += findingText(finding);
    return out + accountText(report) + cardinalityText(report) + gapText(report) + rejectedText(report) +
           columnsText(report);
}

QString qualityCaption(const QualityReport& report)
{
    const auto count = [&](Severity severity) {
        return static_cast<std::uint64_t>(std::count_if(report.findings.begin(), report.findings.end(),
                                                        [&](const auto& f) { return f.severity == severity; }));
    };
    QStringList parts;
    if (const auto problems = count(Severity::Problem); problems > 0)
        parts << countOf(problems, QObject::tr("problem"), QObject::tr("problems"));
    if (const auto warnings = count(Severity::Warning); warnings > 0)
        parts << countOf(warnings, QObject::tr("warning"), QObject::tr("warnings"));
    return parts.join(QStringLiteral(", "));
}

QualityView::QualityView(Selection* selection, QWidget* parent) : QTextBrowser(parent), m_selection(selection)
{
    setObjectName(QStringLiteral("qualityView"));
    setAccessibleName(tr("Data quality"));
    setFrameShape(QFrame::NoFrame);
    setOpenLinks(false);
    document()->setDocumentMargin(dp(12));
    connect(selection, &Selection::dataChanged, this, &QualityView::refresh);
    refresh();
}

void QualityView::changeEvent(QEvent* event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refresh();
}

void QualityView::refresh()
{
    const int place = verticalScrollBar()->value();
    if (!m_selection->hasData()) {
        clear();
        emit captionChanged({});
        return;
    }
    const auto& run = *m_selection->data()->result;
    if (!run.records) {
        setHtml(QStringLiteral("<p>%1</p>").arg(tr("The sources of this case are being read.")));
        emit captionChanged({});
        return;
    }
    setHtml(qualityText(run.quality));
    verticalScrollBar()->setValue(place);
    emit captionChanged(qualityCaption(run.quality));
}

} // namespace faultline::ui
