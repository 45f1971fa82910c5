// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <QFrame>

class QLabel;

namespace faultline::ui
{

/// One line over the views that says what went wrong, where, and how to fix it; never a box in the way.
class ErrorBar : public QFrame
{
    Q_OBJECT
public:
    explicit ErrorBar(QWidget* parent = nullptr);
    void say(const QString& message);
    [[nodiscard]] QString message() const;

private:
    QLabel* m_text = nullptr;
};

} // namespace faultline::ui
