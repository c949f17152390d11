// SPDX-License-Identifier: GPL-3.0-or-later
// The mask bench: text through the product's masker with 50 secrets in all their forms, or by memcpy; both into a
// buffer whose checksum is taken, as the log writer does. mask WHO TEXT MIB   (WHO: danube, memcpy; TEXT: see main)
#include "server/logs/crc32c.h"
#include "server/logs/maskstream.h"
#include "server/logs/secretforms.h"

#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <random>

using namespace danube::logs;

namespace {

constexpr qsizetype pieceSize = 64 << 10; // of a log writer's run, which ends with a line
constexpr int secretCount = 50;

class Dice
{
public:
    uint32_t next() { return static_cast<uint32_t>(m_engine()); }
    uint32_t below(uint32_t bound) { return next() % bound; }
    QByteArray letters(qsizetype size)
    {
        static constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        QByteArray text(size, '\0');
        for (char &letter : text)
            letter = alphabet[below(64)];
        return text;
    }

private:
    std::mt19937 m_engine{1};
};

QList<QByteArray> makeSecrets(Dice &dice, qsizetype size)
{
    QList<QByteArray> secrets;
    for (int i = 0; i < secretCount; ++i)
        secrets.append(dice.letters(size));
    return secrets;
}

QByteArray buildLine(Dice &dice)
{
    static constexpr const char *names[] = {"parser", "server",  "socket", "token",
                                            "values", "library", "secret", "index"};
    const auto name = [&] { return QByteArray(names[dice.below(8)]); };
    return '[' + QByteArray::number(dice.below(4000)) + "/4000] Building CXX object src/" + name() + "/CMakeFiles/" +
           name() + ".dir/" + name() + '_' + name() + ".cpp.o -O2 -Wall in " + QByteArray::number(dice.below(900)) +
           " ms\n";
}

/// Where the secrets are is known, so that what comes out can be judged without looking for them.
struct Text
{
    QByteArray plain;
    QList<std::pair<qsizetype, qsizetype>> secrets; ///< begin and end of each, ascending

    QByteArray masked() const
    {
        QByteArray out;
        out.reserve(plain.size());
        qsizetype at = 0;
        for (const auto &[begin, end] : secrets) {
            out.append(QByteArrayView(plain).sliced(at, begin - at)).append("***");
            at = end;
        }
        return out.append(QByteArrayView(plain).sliced(at));
    }
};

/// `secretEvery`: lines between two that hold a secret in one of its forms; 0 = none.
Text makeText(Dice &dice, qsizetype size, const QList<QByteArray> &secrets, uint32_t secretEvery, bool isBase64)
{
    Text text;
    text.plain.reserve(size + 4096);
    while (text.plain.size() < size) {
        if (secretEvery > 0 && dice.below(secretEvery) == 0) {
            const QList<QByteArray> forms = secretForms(secrets[dice.below(secretCount)]);
            text.plain += "using ";
            const qsizetype begin = text.plain.size();
            text.plain += forms[dice.below(static_cast<uint32_t>(forms.size()))];
            text.secrets.emplace_back(begin, text.plain.size());
            text.plain += '\n';
        }
        text.plain += isBase64 ? dice.letters(76) + '\n' : buildLine(dice);
    }
    return text;
}

double cpuSeconds()
{
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// Calls `take(piece)` for each piece of the text: whole lines.
template <class Take> void forEachPiece(QByteArrayView text, Take take)
{
    while (!text.isEmpty()) {
        const QByteArrayView piece = text.first(text.first(std::min(pieceSize, text.size())).lastIndexOf('\n') + 1);
        take(piece);
        text = text.sliced(piece.size());
    }
}

/// Each secret is masked and nothing else is.
bool isMaskedWell(const Text &text, const MaskAutomaton &automaton)
{
    MaskStream stream;
    QByteArray output;
    output.reserve(text.plain.size());
    forEachPiece(text.plain, [&](QByteArrayView piece) { stream.feed(automaton, piece, output); });
    return output == text.masked();
}

/// Calls `pass(piece, output)` for each piece of the text, again and again until `total` bytes went through.
template <class Pass> void measure(const QByteArray &text, qint64 total, Pass pass)
{
    QByteArray output;
    output.reserve(2 * pieceSize);
    qint64 written = 0;
    uint32_t checksum = 0;
    const double cpuBefore = cpuSeconds();
    const auto begun = std::chrono::steady_clock::now();
    for (qint64 done = 0; done < total; done += text.size()) {
        forEachPiece(text, [&](QByteArrayView piece) {
            output.resize(0);
            pass(piece, output);
            checksum = checksum * 31 + crc32c(output);
            written += output.size();
        });
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
    printf("%.6f %.6f %lld %u\n", taken.count(), cpuSeconds() - cpuBefore, static_cast<long long>(written), checksum);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: mask danube|memcpy log|clean|base64|short MIB\n", stderr);
        return 2;
    }
    const QByteArrayView kind(argv[2]);
    Dice dice;
    const QList<QByteArray> secrets = makeSecrets(dice, kind == "short" ? 8 : 24);
    QList<QByteArray> patterns;
    for (const QByteArray &secret : secrets)
        patterns += secretForms(secret);
    const Text text = makeText(dice, 64 << 20, secrets, kind == "clean" ? 0 : 1000, kind == "base64");
    const qint64 total = qint64(atoi(argv[3])) << 20;
    const MaskAutomaton automaton(patterns);
    MaskStream stream;
    const bool isDanube = QByteArrayView(argv[1]) == "danube";
    if (isDanube)
        measure(text.plain, total,
                [&](QByteArrayView piece, QByteArray &output) { stream.feed(automaton, piece, output); });
    else
        measure(text.plain, total, [](QByteArrayView piece, QByteArray &output) {
            output.resize(piece.size());
            memcpy(output.data(), piece.data(), static_cast<size_t>(piece.size()));
        });
    if (isDanube && !isMaskedWell(text, automaton)) {
        fputs("mask: not every secret was masked, or something else was\n", stderr);
        return 1;
    }
    return 0;
}
