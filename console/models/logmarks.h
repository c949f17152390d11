// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/loglines.h"

#include <QObject>

#include <optional>
#include <vector>

namespace danube::console {

/// Lines somebody marked in one log, by the offset of their first byte. Every change is written at once to a small JSON
/// file {"version":1,"marks":[…]}, so that marks survive a restart; without a path they live in memory only. A file
/// that cannot be read counts as empty.
class LogMarks : public QObject
{
    Q_OBJECT
public:
    explicit LogMarks(const QString &path = {}, QObject *parent = nullptr);

    void toggle(int64_t offset); ///< refused beyond mostMarks
    void setMarks(std::vector<int64_t> offsets);
    bool contains(int64_t offset) const;
    bool containsBetween(int64_t begin, int64_t end) const; ///< any in [begin, end)
    std::optional<int64_t> next(int64_t offset) const;      ///< the first mark behind `offset`, else the first of all
    std::optional<int64_t> previous(int64_t offset) const;  ///< the last mark before `offset`, else the last of all
    const std::vector<int64_t> &offsets() const { return m_offsets; }

    static constexpr size_t mostMarks = 10'000;

signals:
    void changed();
    void failed(const QString &message); ///< the file could not be written; the marks are still here

private:
    void load();
    void save();
    QString m_path;
    std::vector<int64_t> m_offsets; ///< sorted
};

/// The marked lines.
class MarkedLines final : public LogLines
{
public:
    MarkedLines(const LogDocument *document, const LogMarks &marks) : m_document(document), m_marks(marks) {}
    int64_t count() const override;
    int64_t lineOf(int64_t row) const override;
    int64_t rowOf(int64_t line) const override;

private:
    const LogDocument *m_document;
    const LogMarks &m_marks;
};

} // namespace danube::console
