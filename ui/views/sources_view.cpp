// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/views/sources_view.h"
#include "engine/core/text.h"
#include "engine/pipeline/formats.h"
#include "ui/models/text_format.h"
#include "ui/theme/theme.h"
#include "ui/views/cell_delegates.h"
#include <QHeaderView>
#include <QMenu>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

namespace faultline::ui
{
namespace
{

QString fileName(const std::string& path)
{
    return safeText(std::string_view(path).substr(path.find_last_of('/') + 1));
}

/// What a person checks before believing the rest: layout, zone, lines that were refused and why.
QString describe(const records::SourceReport& report)
{
    QStringList lines;
    lines << safeText(report.path);
    lines << QObject::tr("%1, %2 of the sampled lines match")
                 .arg(safeText(report.detection.format), shareText(report.detection.confidence));
    if (!report.detection.zone.empty())
        lines << QObject::tr("Times: %1").arg(safeText(report.detection.zone));
    lines << QObject::tr("%1, %2 records")
                 .arg(QString::fromStdString(formatBytes(report.fileBytes)), countText(report.records));
    if (report.start != noTime)
        lines << dateText(report.start) + QLatin1Char(' ') + clockText(report.start) + QStringLiteral(" – ") +
                     dateText(report.end) + QLatin1Char(' ') + clockText(report.end);
    for (const auto& [reason, count] : report.rejectedByReason)
        lines << QObject::tr("Rejected %1: %2")
                     .arg(countOf(count, QObject::tr("line"), QObject::tr("lines")), safeText(reason));
    if (!report.warning.empty())
        lines << safeText(report.warning);
    for (auto& line : lines)
        line = line.toHtmlEscaped();
    return QStringLiteral("<qt>%1</qt>").arg(lines.join(QStringLiteral("<br>")));
}

} // namespace

SourcesView::SourcesView(Selection* selection, QWidget* parent) : QWidget(parent), m_selection(selection), m_model(0, 2)
{
    setObjectName(QStringLiteral("sourcesView"));
    m_table = new QTableView(this);
    m_table->setObjectName(QStringLiteral("sourcesTable"));
    m_table->setAccessibleName(tr("Sources"));
    m_table->setModel(&m_model);
    styleTable(m_table);
    m_table->horizontalHeader()->hide();
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setItemDelegateForColumn(0, new CellDelegate(CellFormat::Name, this));
    m_table->setItemDelegateForColumn(1, new CellDelegate(CellFormat::Count, this));
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Fixed);
    m_table->horizontalHeader()->resizeSection(1, dp(82));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_table);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QTableView::customContextMenuRequested, this, &SourcesView::showMenu);
    connect(selection, &Selection::dataChanged, this, &SourcesView::refresh);
}

void SourcesView::showMenu(const QPoint& place)
{
    const auto row = m_table->indexAt(place).row();
    if (!m_selection->hasData() || row < 0 || !m_selection->data()->result->records)
        return;
    QMenu menu(this);
    auto* readAs = menu.addMenu(m_busy ? tr("Read as (when the running job is done)") : tr("Read as"));
    readAs->setEnabled(!m_busy);
    addFormats(*readAs, static_cast<std::size_t>(row));
    menu.exec(m_table->viewport()->mapToGlobal(place));
}

void SourcesView::addFormats(QMenu& menu, std::size_t source)
{
    const auto& run = *m_selection->data()->result;
    const auto& report = run.records->reports[source];
    const auto& parse = run.recipe.parse;
    const auto path = QString::fromStdString(report.path);
    const bool forced =
        !parse.format.empty() || std::any_of(parse.formats.begin(), parse.formats.end(),
                                             [&](const auto& each) { return each.pattern == report.path; });
    const auto add = [&](const QString& text, const QString& name, bool current) {
        auto* action = menu.addAction(text);
        action->setCheckable(true);
        action->setChecked(current);
        connect(action, &QAction::triggered, this, [this, path, name] { emit formatWanted(path, name); });
        return action;
    };
    add(tr("What is detected"), {}, !forced);
    menu.addSeparator();
    for (const auto& format : pipeline::formatCatalogue(parse)) {
        const QString name = safeText(format.name);
        add(name, name, forced && format.name == report.detection.format)->setToolTip(safeText(format.description));
    }
    menu.setToolTipsVisible(true);
}

void SourcesView::refresh()
{
    m_model.setRowCount(0);
    if (!m_selection->hasData()) {
        emit captionChanged({});
        return;
    }
    const auto& run = *m_selection->data()->result;
    const auto addRow = [this](const QString& name, const QVariant& count, const QString& tip) {
        auto* file = new QStandardItem(name);
        auto* amount = new QStandardItem;
        amount->setData(count, Qt::DisplayRole);
        file->setToolTip(tip);
        amount->setToolTip(tip);
        m_model.appendRow({file, amount});
    };
    if (run.records) {
        for (const auto& report : run.records->reports)
            addRow(fileName(report.path), QVariant::fromValue<qulonglong>(report.records), describe(report));
    } else {
        for (const auto& input : run.inputs)
            addRow(fileName(input), {}, QStringLiteral("<qt>%1</qt>").arg(safeText(input).toHtmlEscaped()));
    }
    emit captionChanged(countOf(static_cast<std::uint64_t>(m_model.rowCount()), tr("file"), tr("files")));
}

} // namespace faultline::ui
