// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"
#include "shared/search/logneedle.h"

#include <QByteArrayView>

#include <functional>
#include <memory>

struct pcre2_real_code_8;

namespace danube::search {

/// A query compiled by PCRE2 (with JIT where the machine has it). Copies share the code; for any thread.
class LogPattern
{
public:
    /// Whether text without the needle is passed over; the matches are the same without, slower.
    enum class Needle { Use, Ignore };

    /// InvalidArgument: a broken regular expression; the message names position and reason.
    static Result<LogPattern> compile(const LogQuery &query, Needle needle = Needle::Use);

    /// What every match contains, if that is known and used. Then each line can be scanned by itself, too, with the
    /// same matches.
    const std::optional<LogNeedle> &needle() const { return m_needle; }

    /// Gets begin and end of a match; false stops the scan.
    using Visit = std::function<bool(qsizetype begin, qsizetype end)>;
    /// Visits the non-empty matches from left to right. Each lies within one line. Invalid UTF-8 never matches, and
    /// harms nothing. ResourceExhausted: the expression needs more than `steps` from one place of this text. With as
    /// many from every place it takes text.size() × steps: who must bound the time gives little text at once.
    Result<void> scan(QByteArrayView text, const Visit &visit, uint32_t steps = patientSteps) const;
    static constexpr uint32_t patientSteps = 5'000'000; ///< some tenths of a second

private:
    LogPattern(std::shared_ptr<const pcre2_real_code_8> code, const std::optional<LogNeedle> &needle)
        : m_code(std::move(code)), m_needle(needle)
    {}
    std::shared_ptr<const pcre2_real_code_8> m_code;
    std::optional<LogNeedle> m_needle;
};

} // namespace danube::search
