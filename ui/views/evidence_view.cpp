// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/views/evidence_view.h"
#include "ui/models/text_format.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"
#include "ui/views/log_view.h"
#include "ui/views/match_map.h"
#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <algorithm>
#include <chrono>

namespace faultline::ui
{
namespace
{

constexpr int mostCopiedRows = 10'000;

QToolButton* makeChip(const char* name, QWidget* parent)
{
    auto* chip = new QToolButton(parent);
    chip->setObjectName(QLatin1String(name));
    chip->setProperty("chip", true);
    chip->setFocusPolicy(Qt::StrongFocus);
    chip->setToolTip(QObject::tr("Stop narrowing the log by this"));
    chip->hide();
    return chip;
}

std::unordered_set<std::uint32_t> evidenceOf(const explain::Explanation* explanation)
{
    std::unordered_set<std::uint32_t> out;
    if (explanation != nullptr)
        for (const auto& line : explanation->evidence)
            out.insert(static_cast<std::uint32_t>(line.record));
    return out;
}

} // namespace

EvidenceView::EvidenceView(Selection* selection, QWidget* parent) : QWidget(parent), m_selection(selection)
{
    setObjectName(QStringLiteral("evidenceView"));
    m_log = new LogView(&m_model, this);
    m_map = new MatchMap(&m_model, this);
    buildBar();
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(m_log);
    row->addWidget(m_map);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_bar);
    layout->addLayout(row);

    m_refilter.setSingleShot(true);
    m_refilter.setInterval(std::chrono::milliseconds(30));
    connect(&m_refilter, &QTimer::timeout, this, &EvidenceView::refilter);
    const auto later = [this] {
        showChips();
        m_refilter.start();
    };
    connect(selection, &Selection::dataChanged, this, later);
    connect(selection, &Selection::spanChanged, this, later);
    connect(selection, &Selection::entityChanged, this, later);
    connect(selection, &Selection::episodeChosen, this, &EvidenceView::showChips);
    connect(selection, &Selection::explanationChanged, this, &EvidenceView::markEvidence);
    connect(selection, &Selection::cursorChanged, this, &EvidenceView::followCursor);
    connect(&m_model, &LogModel::pageWanted, this, [this](quint64 generation, int first, int count) {
        m_pager.request(m_model.slice(), generation, first, count);
    });
    connect(&m_pager, &LogPager::pageRead, &m_model, &LogModel::receivePage);
    connect(m_log, &LogView::rowChosen, this, [this](int chosen) {
        m_choosing = true;
        m_selection->setCursor(m_model.slice()->axisAt(static_cast<std::size_t>(chosen)));
        m_choosing = false;
    });
    connect(m_map, &MatchMap::rowChosen, m_log, &LogView::showRow);
    connect(m_log, &LogView::copyRequested, this, &EvidenceView::copySelected);
}

EvidenceView::~EvidenceView() = default;

void EvidenceView::buildBar()
{
    m_bar = new QFrame(this);
    m_bar->setProperty("viewBar", true);
    m_bar->setFixedHeight(dp(34));
    m_spanChip = makeChip("spanChip", m_bar);
    m_entityChip = makeChip("entityChip", m_bar);
    m_count = new QLabel(m_bar);
    m_count->setObjectName(QStringLiteral("recordCount"));
    m_count->setTextFormat(Qt::PlainText);
    m_copy = new QToolButton(m_bar);
    m_copy->setObjectName(QStringLiteral("copyRecords"));
    m_copy->setText(tr("Copy"));
    m_copy->setFocusPolicy(Qt::StrongFocus);
    m_copy->setToolTip(tr("Copy the chosen records, whole (Ctrl+C)"));
    auto* layout = new QHBoxLayout(m_bar);
    layout->setContentsMargins(dp(10), 0, dp(8), 0);
    layout->setSpacing(dp(8));
    layout->addWidget(m_spanChip);
    layout->addWidget(m_entityChip);
    layout->addStretch();
    layout->addWidget(m_count);
    layout->addWidget(m_copy);
    connect(m_spanChip, &QToolButton::clicked, m_selection, [this] { m_selection->chooseSpan({}); });
    connect(m_entityChip, &QToolButton::clicked, m_selection, [this] { m_selection->chooseEntity(allEntities); });
    connect(m_copy, &QToolButton::clicked, this, &EvidenceView::copySelected);
}

void EvidenceView::showChips()
{
    const auto& shown = m_selection->data();
    const auto span = m_selection->span();
    m_spanChip->setVisible(shown && !span.empty());
    m_entityChip->setVisible(shown && m_selection->entity() != allEntities);
    if (!shown)
        return;
    const auto* episode = m_selection->episode();
    if (episode != nullptr && shown->spanOf(*episode) == span)
        m_spanChip->setText(tr("episode %1  ×").arg(m_selection->chosenEpisode() + 1));
    else if (shown->axis == AxisKind::Time)
        m_spanChip->setText(QStringLiteral("%1 – %2  ×").arg(clockText(span.from), clockText(span.to)));
    else
        m_spanChip->setText(tr("rows %1 – %2  ×")
                                .arg(countText(static_cast<std::uint64_t>(std::max<TimeUs>(span.from, 0))),
                                     countText(static_cast<std::uint64_t>(std::max<TimeUs>(span.to, 0)))));
    if (m_selection->entity() != allEntities)
        m_entityChip->setText(shown->entityNames[static_cast<std::size_t>(m_selection->entity())].left(40) +
                              QStringLiteral("  ×"));
}

void EvidenceView::refilter()
{
    if (m_building != nullptr)
        m_building->cancel(); // ends by itself; its slice would be late
    m_building = nullptr;
    const auto shown = m_selection->data();
    if (!shown) {
        receive(nullptr, {});
        return;
    }
    const LogSlice::Filter filter{m_selection->span(), m_selection->entity()};
    auto* job = new JobHandle(
        [this, shown, filter, explanation = m_selection->explanation()](JobContext& context) -> JobHandle::Deliver {
            auto slice = LogSlice::build(shown, filter, context);
            if (!slice)
                return {};
            std::vector<std::size_t> rows;
            for (const auto record : evidenceOf(explanation.get()))
                if (const auto row = (*slice)->rowOf(record); row < (*slice)->rows())
                    rows.push_back(row);
            return [this, filter, slice = *slice, rows] {
                if (slice->data() == m_selection->data() &&
                    filter == LogSlice::Filter{m_selection->span(), m_selection->entity()})
                    receive(slice, rows);
            };
        },
        this);
    m_building = job;
    connect(job, &JobHandle::finished, this, [this, job] {
        if (m_building == job)
            m_building = nullptr;
        job->deleteLater();
    });
}

void EvidenceView::receive(LogSlicePtr slice, std::vector<std::size_t> evidenceRows)
{
    auto before = m_model.slice();
    m_model.show(std::move(slice));
    disposeInBackground(std::move(before));
    m_map->setEvidenceRows(std::move(evidenceRows));
    m_log->setEmptyText(emptyText());
    showCount();
    followCursor();
}

QString EvidenceView::emptyText() const
{
    const auto& shown = m_selection->data();
    if (!shown)
        return {};
    if (!shown->hasRecords())
        return tr("The sources of this case are not readable, so its log cannot be shown. Put them back in their place "
                  "and open the case again.");
    if (!m_selection->span().empty() || m_selection->entity() != allEntities)
        return tr("No records here. Remove a filter above to see more of the log.");
    return tr("These sources hold no records.");
}

void EvidenceView::showCount()
{
    const auto& slice = m_model.slice();
    if (!slice || !slice->data()->hasRecords()) {
        m_count->clear();
        return;
    }
    const auto all = slice->data()->result->records->table.size();
    m_count->setText(slice->rows() == all ? countOf(all, tr("record"), tr("records"))
                                          : tr("%1 of %2 records").arg(countText(slice->rows()), countText(all)));
}

void EvidenceView::markEvidence()
{
    const auto* explanation = m_selection->explanation().get();
    std::unordered_set<std::uint32_t> fresh;
    if (explanation != nullptr)
        for (const auto& change : explanation->templates)
            if (change.kind == explain::TemplateChangeKind::New)
                fresh.insert(change.templateId);
    m_model.setMarks(evidenceOf(explanation), std::move(fresh));
    std::vector<std::size_t> rows;
    if (const auto& slice = m_model.slice())
        for (const auto record : m_model.evidence())
            if (const auto row = slice->rowOf(record); row < slice->rows())
                rows.push_back(row);
    m_map->setEvidenceRows(std::move(rows));
}

void EvidenceView::followCursor()
{
    const auto& slice = m_model.slice();
    if (m_choosing || !slice || slice->rows() == 0 || m_selection->cursor() == noTime ||
        slice->data() != m_selection->data())
        return;
    m_log->showRow(static_cast<int>(std::min(slice->rowAtAxis(m_selection->cursor()), slice->rows() - 1)));
}

void EvidenceView::copySelected()
{
    const auto [first, last] = m_log->selectedRows();
    if (first < 0)
        return;
    const int count = std::min(last - first + 1, mostCopiedRows);
    auto* job = new JobHandle(
        [slice = m_model.slice(), from = first, count](JobContext& context) -> JobHandle::Deliver {
            QStringList lines;
            for (int row = from; row < from + count && !context.stopRequested(); ++row)
                lines << readWholeText(*slice, static_cast<std::size_t>(row), 65'536);
            return [lines] { QApplication::clipboard()->setText(lines.join(QLatin1Char('\n'))); };
        },
        this);
    connect(job, &JobHandle::finished, job, &QObject::deleteLater);
}

} // namespace faultline::ui
