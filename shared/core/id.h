// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QMetaType>
#include <QString>

#include <compare>

namespace danube {

/// A strong identifier: a JobId never passes for an ArtifactId. The text is opaque to everybody but its maker.
template <class Tag> class Id
{
public:
    Id() = default;
    explicit Id(QString value) : m_value(std::move(value)) {}
    const QString &value() const { return m_value; }
    bool isEmpty() const { return m_value.isEmpty(); }
    bool operator==(const Id &) const = default;
    std::strong_ordering operator<=>(const Id &other) const { return m_value.compare(other.m_value) <=> 0; }
    friend size_t qHash(const Id &id, size_t seed = 0) { return ::qHash(id.m_value, seed); }

private:
    QString m_value;
};

using JobId = Id<struct JobTag>;           ///< 16 characters [0-9a-z], sortable by creation time (newJobId)
using ArtifactId = Id<struct ArtifactTag>; ///< 16 characters [0-9a-z]
using RequestId = Id<struct RequestTag>;   ///< chosen by the caller of an RPC, 1..128 printable ASCII characters

/// A step's number within its job: 1, 2, … in order of arrival; 0 is the coordinator. Also its name on the agent.
enum class StepNumber : uint32_t { Coordinator = 0 };
constexpr uint32_t toInt(StepNumber number)
{
    return static_cast<uint32_t>(number);
}

/// True for text that may become part of a file name or Kubernetes name: 1..64 of [0-9a-z-], no leading '-'.
bool isSafeId(QStringView text);

class Clock;
JobId newJobId(const Clock &clock);
ArtifactId newArtifactId(const Clock &clock);
/// `bytes` of the system's cryptographic randomness, as lower-case hexadecimal.
QString randomHex(int bytes);

} // namespace danube

Q_DECLARE_METATYPE(danube::JobId)
Q_DECLARE_METATYPE(danube::StepNumber)
