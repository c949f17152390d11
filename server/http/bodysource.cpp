// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/bodysource.h"

using namespace Qt::StringLiterals;

namespace danube::http {
namespace {

class FileBody final : public BodySource
{
public:
    FileBody(std::unique_ptr<QFile> file, qint64 length) : m_file(std::move(file)), m_length(length), m_left(length) {}
    std::optional<qint64> length() const override { return m_length; }
    Result<QByteArray> next(qint64 maxBytes) override
    {
        const qint64 wanted = std::min(maxBytes, m_left);
        QByteArray piece = m_file->read(wanted);
        if (wanted > 0 && piece.isEmpty())
            return fail(ErrorCode::Io, u"read %1: %2"_s.arg(m_file->fileName(), m_file->errorString()));
        m_left -= piece.size();
        return piece;
    }

private:
    std::unique_ptr<QFile> m_file;
    qint64 m_length;
    qint64 m_left;
};

class LogBody final : public BodySource
{
public:
    LogBody(std::unique_ptr<logs::LogReader> reader, qint64 offset, qint64 length)
        : m_reader(std::move(reader)), m_offset(offset), m_length(length), m_end(offset + length)
    {}
    std::optional<qint64> length() const override { return m_length; }
    Result<QByteArray> next(qint64 maxBytes) override
    {
        const qint64 wanted = std::min(maxBytes, m_end - m_offset);
        if (wanted == 0)
            return QByteArray();
        auto piece = m_reader->read(m_offset, wanted);
        if (piece && piece->isEmpty())
            return fail(ErrorCode::DataLoss, u"log ends at %1, not at %2"_s.arg(m_offset).arg(m_end));
        if (piece)
            m_offset += piece->size();
        return piece;
    }

private:
    std::unique_ptr<logs::LogReader> m_reader;
    qint64 m_offset;
    qint64 m_length;
    qint64 m_end;
};

class LogExtract final : public BodySource
{
public:
    LogExtract(std::unique_ptr<logs::LogReader> reader, logs::LogSelection selection)
        : m_reader(std::move(reader)), m_selection(selection)
    {}
    std::optional<qint64> length() const override { return std::nullopt; }
    Result<QByteArray> next(qint64 maxBytes) override
    {
        while (m_hasMore) {
            auto extract = m_reader->extract(m_selection, maxBytes, m_offset);
            if (!extract)
                return std::unexpected(extract.error());
            m_hasMore = extract->truncated;
            m_offset = extract->nextOffset;
            if (!extract->bytes.isEmpty())
                return std::move(extract->bytes);
        }
        return QByteArray();
    }

private:
    std::unique_ptr<logs::LogReader> m_reader;
    logs::LogSelection m_selection;
    qint64 m_offset = 0;
    bool m_hasMore = true;
};

} // namespace

std::unique_ptr<BodySource> fileBody(std::unique_ptr<QFile> file, qint64 offset, qint64 length)
{
    file->seek(offset);
    return std::make_unique<FileBody>(std::move(file), length);
}

std::unique_ptr<BodySource> logBody(std::unique_ptr<logs::LogReader> reader, qint64 offset, qint64 length)
{
    return std::make_unique<LogBody>(std::move(reader), offset, length);
}

std::unique_ptr<BodySource> logExtract(std::unique_ptr<logs::LogReader> reader, logs::LogSelection selection)
{
    return std::make_unique<LogExtract>(std::move(reader), selection);
}

} // namespace danube::http
