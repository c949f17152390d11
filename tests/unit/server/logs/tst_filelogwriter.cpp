// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/secretforms.h"
#include "tests/support/sanitizer.h"
#include "tests/unit/server/logs/logfixture.h"

#include <QCryptographicHash>

#include <ctime>
#include <sys/resource.h>

using namespace danube;
using namespace danube::logs;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr StepNumber one{1};
constexpr StepNumber two{2};
constexpr WallTime someTime{milliseconds(1'750'000'000'000)};

} // namespace

/// Raw output in, masked lines out; what comes out per stream is what went in.
class TestFileLogWriter : public QObject
{
    Q_OBJECT
    std::unique_ptr<LogFixture> m_log;

    Result<void> append(LogStream stream, uint64_t offset, const QByteArray &bytes)
    {
        return m_log->writer->append(one, stream, offset, bytes, someTime);
    }
    static Secret secret(const QByteArray &value) { return Secret(QByteArray(value.constData(), value.size())); }

private slots:
    void init()
    {
        m_log = std::make_unique<LogFixture>();
        QVERIFY2(m_log->openWriter(), qPrintable(m_log->error));
    }

    void streamsComeOutAsTheyWentInHoweverTheyWereCut_data()
    {
        QTest::addColumn<uint>("seed");
        for (uint seed = 0; seed < 25; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void streamsComeOutAsTheyWentInHoweverTheyWereCut()
    {
        QFETCH(uint, seed);
        Dice dice(seed);
        const QByteArray key = "correct-horse-battery";
        m_log->writer->addSecret(secret(key));
        std::map<StreamKey, QByteArray> printed;
        std::map<StreamKey, uint64_t> sent;
        for (const StepNumber step : {one, two}) {
            for (const LogStream stream : {LogStream::Stdout, LogStream::Stderr}) {
                QByteArray &text = printed[{step, stream}];
                while (text.size() < 20'000) {
                    switch (dice.below(9)) {
                    case 0:
                        text += key;
                        break;
                    case 1:
                        text += key.first(dice.below(20));
                        break;
                    case 2:
                        text += "\r\x1b[31m";
                        break;
                    case 3:
                        text += QByteArray("\0\xff\xc3\n\n", 5);
                        break;
                    case 4:
                        text += key.toBase64();
                        break;
                    case 5:
                        text += dice.bytes(dice.below(3'000), "xyz");
                        break;
                    default:
                        text += dice.bytes(dice.below(80), "abc ") + '\n';
                    }
                }
            }
        }
        for (size_t left = printed.size(); left > 0;) {
            auto it = printed.begin();
            std::advance(it, dice.below(static_cast<int>(printed.size())));
            uint64_t &offset = sent[it->first];
            const auto rest = QByteArrayView(it->second).sliced(static_cast<qsizetype>(offset));
            if (rest.isEmpty())
                continue;
            const QByteArrayView piece = rest.first(std::min<qsizetype>(rest.size(), 1 + dice.below(4'000)));
            QVERIFY(m_log->writer->append(it->first.step, it->first.stream, offset, piece, someTime));
            offset += static_cast<uint64_t>(piece.size());
            left -= rest.size() == piece.size() ? 1 : 0;
            m_log->clock.advance(milliseconds(dice.below(900)));
            if (dice.below(3) == 0)
                QVERIFY(m_log->writer->flushOldFragments());
            if (dice.below(10) == 0)
                QVERIFY(m_log->writer->note(one, u"a note with correct-horse-battery"_s));
        }
        QVERIFY(m_log->writer->endStep(one));
        QVERIFY(m_log->writer->endStep(two));
        QVERIFY(m_log->writer->sync());
        for (const auto &[key_, text] : printed) {
            QVERIFY(m_log->extract(key_.step, key_.stream) == maskedNaively(text, secretForms(key)));
            const auto offsets = m_log->writer->durable(key_.step);
            QCOMPARE(key_.stream == LogStream::Stdout ? offsets.standardOutput : offsets.standardError,
                     uint64_t(text.size()));
        }
        QVERIFY(!m_log->text().contains(key));
        QVERIFY(m_log->text().endsWith('\n'));
    }

    void anEndedStepKeepsNoMemory()
    {
        const QByteArray piece = QByteArray(65'000, 'x') + '\n';
        rusage before{};
        getrusage(RUSAGE_SELF, &before);
        for (uint32_t i = 1; i <= 500; ++i) {
            for (const LogStream stream : {LogStream::Stdout, LogStream::Stderr})
                QVERIFY(m_log->writer->append(StepNumber(i), stream, 0, piece, someTime));
            QVERIFY(m_log->writer->endStep(StepNumber(i)));
        }
        rusage after{};
        getrusage(RUSAGE_SELF, &after);
        QVERIFY2(keepsFreedMemory || after.ru_maxrss - before.ru_maxrss < 8 * 1024,
                 qPrintable(u"%1 KiB"_s.arg(after.ru_maxrss - before.ru_maxrss)));
    }

    void completeLinesAreWrittenAtOnceAndUnfinishedOnesWait()
    {
        QVERIFY(append(LogStream::Stdout, 0, "one\ntwo\nthr"));
        QCOMPARE(m_log->text(), "one\ntwo\n");
        QVERIFY(append(LogStream::Stdout, 11, "ee\n"));
        QCOMPARE(m_log->text(), "one\ntwo\nthree\n");
    }

    void anOldUnfinishedLineBecomesAFragment()
    {
        QVERIFY(append(LogStream::Stdout, 0, "50 %"));
        m_log->clock.advance(milliseconds(999));
        QVERIFY(m_log->writer->flushOldFragments());
        QCOMPARE(m_log->text(), "");
        m_log->clock.advance(milliseconds(1));
        QVERIFY(m_log->writer->flushOldFragments());
        QCOMPARE(m_log->text(), "50 %\n");
        QVERIFY(append(LogStream::Stdout, 4, " 100 %\n"));
        QCOMPARE(m_log->text(), "50 %\n 100 %\n");
        QCOMPARE(m_log->extract(one, LogStream::Stdout), "50 % 100 %\n");
    }

    void aVeryLongLineIsCutIntoFragments()
    {
        const QByteArray line = QByteArray("0123456789abcde ").repeated(20'000) + '\n';
        QVERIFY(append(LogStream::Stdout, 0, line));
        const auto runs = m_log->reader()->runs(0, 1 << 30);
        QVERIFY(std::ranges::all_of(*runs, [](const LogRun &run) { return run.length <= longestRun + 1; }));
        QCOMPARE(runs->size(), 5);
        QCOMPARE(m_log->extract(one, LogStream::Stdout), line);
    }

    void aSecretAcrossAFragmentCutNeverShows_data()
    {
        QTest::addColumn<int>("cut");
        for (int cut = 1; cut < 12; ++cut)
            QTest::addRow("after %d bytes", cut) << cut;
    }
    void aSecretAcrossAFragmentCutNeverShows()
    {
        QFETCH(int, cut);
        m_log->writer->addSecret(secret("hunter2hunter"));
        const QByteArray text = "pw=hunter2hunter.\n";
        QVERIFY(append(LogStream::Stdout, 0, text.first(3 + cut)));
        m_log->clock.advance(seconds(2));
        QVERIFY(m_log->writer->flushOldFragments());
        QCOMPARE(m_log->text(), "pw=\n");
        QVERIFY(m_log->writer->sync());
        QCOMPARE(m_log->writer->durable(one).standardOutput, 3U); // never beyond what is held back
        QVERIFY(append(LogStream::Stdout, static_cast<uint64_t>(3 + cut), text.sliced(3 + cut)));
        QCOMPARE(m_log->extract(one, LogStream::Stdout), "pw=***.\n");
    }

    // What a token was that changed all week: a master that restarts has to mask all of it for each job.
    void manySecretsAreTakenAtOnce()
    {
        std::vector<Secret> values;
        for (int i = 0; i < 1500; ++i)
            values.emplace_back(
                QCryptographicHash::hash(QByteArray::number(i), QCryptographicHash::Sha256).toHex().first(40));
        const std::clock_t before = std::clock();
        m_log->writer->addSecrets(values);
        const auto spent = (std::clock() - before) / CLOCKS_PER_SEC;
        QVERIFY2(spent < 20, qPrintable(u"%1 s of CPU"_s.arg(spent))); // one by one: minutes
        const QByteArray text = "a " + values.front().reveal() + " b " + values.back().reveal() + " c\n";
        QVERIFY(append(LogStream::Stdout, 0, text));
        QCOMPARE(m_log->text(), "a *** b *** c\n");
    }

    void anEndlessSecretStillLetsTheAgentFreeItsSpool()
    {
        m_log->writer->addSecret(secret("aaaa"));
        uint64_t offset = 0;
        for (; offset < 4'000'000; offset += 100'000)
            QVERIFY(append(LogStream::Stdout, offset, QByteArray(100'000, 'a')));
        QVERIFY(m_log->writer->sync());
        QVERIFY(m_log->writer->durable(one).standardOutput > 2'000'000);
        QVERIFY(m_log->writer->endStep(one));
        QVERIFY(m_log->writer->sync());
        QCOMPARE(m_log->writer->durable(one).standardOutput, offset);
        QCOMPARE(m_log->extract(one, LogStream::Stdout), "***");
    }

    void repeatedBytesAreDroppedAndHolesRefused()
    {
        QVERIFY(append(LogStream::Stdout, 0, "one\ntw"));
        QVERIFY(append(LogStream::Stdout, 0, "one\ntw"));
        QVERIFY(append(LogStream::Stdout, 2, "e\ntwo\n"));
        QVERIFY(append(LogStream::Stdout, 1, "ne"));
        QCOMPARE(m_log->text(), "one\ntwo\n");
        const auto hole = append(LogStream::Stdout, 9, "x");
        QCOMPARE(hole.error().code, ErrorCode::DataLoss);
        QVERIFY(hole.error().message.contains(u"bytes 8 to 9 of step 1"_s));
        QCOMPARE(m_log->writer->accepted(one), (StreamOffsets{8, 0}));
    }

    void durableIsWhatIsWrittenAndSynced()
    {
        QVERIFY(append(LogStream::Stdout, 0, "one\ntwo"));
        QVERIFY(append(LogStream::Stderr, 0, "oh\n"));
        QCOMPARE(m_log->writer->accepted(one), (StreamOffsets{7, 3}));
        QCOMPARE(m_log->writer->durable(one), StreamOffsets());
        QVERIFY(m_log->writer->sync());
        QCOMPARE(m_log->writer->durable(one), (StreamOffsets{4, 3}));
        QCOMPARE(m_log->writer->durable(two), StreamOffsets());
    }

    void reopeningGoesOnWhereTheDiskEnds()
    {
        QVERIFY(append(LogStream::Stdout, 0, "one\ntwo"));
        QVERIFY(m_log->openWriter());
        QCOMPARE(m_log->writer->accepted(one), (StreamOffsets{4, 0}));
        QCOMPARE(m_log->writer->durable(one), (StreamOffsets{4, 0}));
        QVERIFY(append(LogStream::Stdout, 4, "two\n"));
        QCOMPARE(m_log->text(), "one\ntwo\n");
        QCOMPARE(m_log->reader()->generation(), 1U);
    }

    void crashesAnywhereLoseAndRepeatNothing()
    {
        for (uint32_t seed = 0; seed < 40; ++seed) {
            init();
            Dice dice(seed);
            m_log->writer->addSecret(secret("abab"));
            const QByteArray text = dice.bytes(3'000, "ababc\n");
            for (qsizetype at = 0; at < text.size();) {
                const qsizetype size = std::min<qsizetype>(1 + dice.below(60), text.size() - at);
                QVERIFY(append(LogStream::Stdout, static_cast<uint64_t>(at), text.sliced(at, size)));
                at += size;
                m_log->clock.advance(milliseconds(600));
                QVERIFY(m_log->writer->flushOldFragments());
                if (dice.below(8) == 0) {
                    QVERIFY(m_log->openWriter());
                    m_log->writer->addSecret(secret("abab"));
                    at = static_cast<qsizetype>(m_log->writer->accepted(one).standardOutput);
                }
            }
            QVERIFY(m_log->writer->endStep(one));
            QVERIFY2(m_log->extract(one, LogStream::Stdout) == maskedNaively(text, secretForms("abab")),
                     qPrintable(u"seed %1"_s.arg(seed)));
        }
    }

    void notesAreLinesOfTheirOwnAndMasked()
    {
        m_log->writer->addSecret(secret("hunter2"));
        QVERIFY(append(LogStream::Stdout, 0, "unfinished"));
        QVERIFY(m_log->writer->note(one, u"key is hunter2"_s));
        QCOMPARE(m_log->text(), "key is ***\n");
        QCOMPARE(m_log->extract(one, LogStream::System), "key is ***\n");
        QCOMPARE(m_log->writer->accepted(one), (StreamOffsets{10, 0}));
    }

    void sealingEndsTheLog()
    {
        QVERIFY(append(LogStream::Stdout, 0, "one\ntwo"));
        const auto seal = m_log->writer->seal();
        QVERIFY(seal);
        const QByteArray file = readFile(m_log->logPath());
        QCOMPARE(file, "one\ntwo\n");
        QCOMPARE(seal->size, file.size());
        QCOMPARE(seal->sha256, QCryptographicHash::hash(file, QCryptographicHash::Sha256).toHex());
        QCOMPARE(m_log->writer->seal(), seal);
        QCOMPARE(append(LogStream::Stdout, 7, "x").error().code, ErrorCode::Conflict);
        QCOMPARE(m_log->reader()->seal(), std::optional(*seal));
        QVERIFY(m_log->openWriter());
        QCOMPARE(m_log->writer->seal(), seal);
        QCOMPARE(m_log->writer->note(one, u"x"_s).error().code, ErrorCode::Conflict);
    }

    void sealOfARecoveredLogCoversAllOfIt()
    {
        QVERIFY(append(LogStream::Stdout, 0, QByteArray("line\n").repeated(500'000)));
        QVERIFY(m_log->openWriter());
        QVERIFY(append(LogStream::Stdout, 2'500'000, "end\n"));
        const auto seal = m_log->writer->seal();
        QCOMPARE(seal->sha256,
                 QCryptographicHash::hash(readFile(m_log->logPath()), QCryptographicHash::Sha256).toHex());
    }

    void aBadJobIdIsRefused()
    {
        const auto opened = FileLogWriter::open(m_log->directory.path(), JobId(u"../x"_s), m_log->clock);
        QCOMPARE(opened.error().code, ErrorCode::InvalidArgument);
    }
};

QTEST_GUILESS_MAIN(TestFileLogWriter)
#include "tst_filelogwriter.moc"
