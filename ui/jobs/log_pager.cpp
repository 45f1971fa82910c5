// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/jobs/log_pager.h"
#include "engine/pipeline/analysis.h"
#include "ui/models/json_message.h"
#include "ui/models/text_format.h"
#include <algorithm>
#include <utility>

namespace faultline::ui
{
namespace
{

constexpr std::size_t mostWaiting = 6;
constexpr std::size_t shownBytes = 4096; ///< of a line; more does not fit any screen

QString messageOf(const records::RecordSet& records, std::uint32_t record)
{
    const std::size_t start = records.table.messageStart[record];
    const auto text = records.text(record, start + shownBytes);
    if (!text)
        return QObject::tr("(cannot be read: %1)").arg(safeText(text.error().message));
    const std::string_view whole = *text;
    return safeText(readableMessage(whole.substr(0, whole.find_first_of("\r\n")), start));
}

} // namespace

QStringList readMessages(const LogSlice& slice, int first, int count)
{
    QStringList out;
    const auto& records = *slice.data()->result->records;
    for (int row = first; row < first + count; ++row)
        out << messageOf(records, slice.recordAt(static_cast<std::size_t>(row)));
    return out;
}

QString readWholeText(const LogSlice& slice, std::size_t row, std::size_t limitBytes)
{
    const auto text = slice.data()->result->records->text(slice.recordAt(row), limitBytes);
    return text ? QString::fromStdString(*text) : safeText(text.error().text());
}

LogPager::LogPager(QObject* parent) : QObject(parent), m_thread([this](const std::stop_token& stop) { work(stop); }) {}

LogPager::~LogPager()
{
    m_thread.request_stop();
    m_wake.notify_all();
}

void LogPager::request(LogSlicePtr slice, quint64 generation, int first, int count)
{
    std::deque<Request> skipped;
    {
        const std::lock_guard lock(m_mutex);
        m_requests.push_back({std::move(slice), generation, first, count});
        while (m_requests.size() > mostWaiting) {
            skipped.push_back(std::move(m_requests.front()));
            m_requests.pop_front();
        }
    }
    m_wake.notify_one();
    for (const auto& request : skipped)
        QMetaObject::invokeMethod(
            this, [this, g = request.generation, at = request.first] { emit pageRead(g, at, {}); },
            Qt::QueuedConnection);
}

void LogPager::work(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        Request request;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, stop, [this] { return !m_requests.empty(); });
            if (stop.stop_requested())
                return;
            request = std::move(m_requests.back());
            m_requests.pop_back();
        }
        auto messages = readMessages(*request.slice, request.first, request.count);
        QMetaObject::invokeMethod(
            this,
            [this, generation = request.generation, first = request.first, messages = std::move(messages)] {
                emit pageRead(generation, first, messages);
            },
            Qt::QueuedConnection);
    }
}

} // namespace faultline::ui
