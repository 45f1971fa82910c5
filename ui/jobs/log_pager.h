// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/models/log_slice.h"
#include <QObject>
#include <QStringList>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace faultline::ui
{

/// Reads pages of log text on a thread of its own. The page asked for last is read first, and when more wait than fit
/// on a screen the oldest are skipped (answered empty): who scrolls fast wants what is in sight now.
class LogPager : public QObject
{
    Q_OBJECT
public:
    explicit LogPager(QObject* parent = nullptr);
    ~LogPager() override;

    void request(LogSlicePtr slice, quint64 generation, int first, int count);

signals:
    void pageRead(quint64 generation, int first, const QStringList& messages);

private:
    struct Request {
        LogSlicePtr slice;
        quint64 generation = 0;
        int first = 0, count = 0;
    };
    void work(const std::stop_token& stop);

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Request> m_requests; ///< guarded by m_mutex
    std::jthread m_thread;          // last member: joins before the rest dies
};

/// The messages of some rows, first line each, safe to show; reads files.
[[nodiscard]] QStringList readMessages(const LogSlice& slice, int first, int count);
/// A record's whole text, continuation lines included, at most `limitBytes`; reads a file.
[[nodiscard]] QString readWholeText(const LogSlice& slice, std::size_t row, std::size_t limitBytes);

} // namespace faultline::ui
