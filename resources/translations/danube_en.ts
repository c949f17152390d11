<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>CommitPlan</name>
    <message numerus="yes">
        <source>Removes %1, which %n jobs of the last 30 days used.</source>
        <translation>
            <numerusform>Removes %1, which %n job of the last 30 days used.</numerusform>
            <numerusform>Removes %1, which %n jobs of the last 30 days used.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hosts</source>
        <translation>
            <numerusform>%n host</numerusform>
            <numerusform>%n hosts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more changes</source>
        <translation>
            <numerusform>%n more change</numerusform>
            <numerusform>%n more changes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::AllowlistEditor</name>
    <message numerus="yes">
        <source>%n hosts are in the list.</source>
        <translation>
            <numerusform>%n host is in the list.</numerusform>
            <numerusform>%n hosts are in the list.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n errors</source>
        <translation>
            <numerusform>%n error</numerusform>
            <numerusform>%n errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warnings</source>
        <translation>
            <numerusform>%n warning</numerusform>
            <numerusform>%n warnings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::AllowlistModel</name>
    <message numerus="yes">
        <source>Add %n hosts</source>
        <translation>
            <numerusform>Add %n host</numerusform>
            <numerusform>Add %n hosts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove %n hosts</source>
        <translation>
            <numerusform>Remove %n host</numerusform>
            <numerusform>Remove %n hosts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n jobs</source>
        <translation>
            <numerusform>%n job</numerusform>
            <numerusform>%n jobs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::AllowlistPage</name>
    <message numerus="yes">
        <source>%n job runs of the last 30 days that were refused something would change verdict. What jobs were allowed is not recorded.</source>
        <translation>
            <numerusform>%n job run of the last 30 days that was refused something would change verdict. What jobs were allowed is not recorded.</numerusform>
            <numerusform>%n job runs of the last 30 days that were refused something would change verdict. What jobs were allowed is not recorded.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries allow nothing of their own; Remove takes them out.</source>
        <translation>
            <numerusform>%n entry allows nothing of its own; Remove takes it out.</numerusform>
            <numerusform>%n entries allow nothing of their own; Remove takes them out.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::ArchiveDialog</name>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries lead out of the archive: whoever unpacks it may overwrite other files.</source>
        <translation>
            <numerusform>%n entry leads out of the archive: whoever unpacks it may overwrite other files.</numerusform>
            <numerusform>%n entries lead out of the archive: whoever unpacks it may overwrite other files.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::ArtifactsPage</name>
    <message numerus="yes">
        <source>Asking about %n jobs…</source>
        <translation>
            <numerusform>Asking about %n job…</numerusform>
            <numerusform>Asking about %n jobs…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>of the latest %n jobs</source>
        <translation>
            <numerusform>of the latest %n job</numerusform>
            <numerusform>of the latest %n jobs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n artifacts</source>
        <translation>
            <numerusform>%1 of %n artifact</numerusform>
            <numerusform>%1 of %n artifacts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::ArtifactsView</name>
    <message numerus="yes">
        <source>Downloading %n artifacts.</source>
        <translation>
            <numerusform>Downloading %n artifact.</numerusform>
            <numerusform>Downloading %n artifacts.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::BatchDialog</name>
    <message numerus="yes">
        <source>Cancel %n jobs? The master stops their steps; that cannot be undone.</source>
        <translation>
            <numerusform>Cancel %n job? The master stops its steps; that cannot be undone.</numerusform>
            <numerusform>Cancel %n jobs? The master stops their steps; that cannot be undone.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Retry %n jobs? Each runs again as a new job, with the same parameters.</source>
        <translation>
            <numerusform>Retry %n job? It runs again as a new job, with the same parameters.</numerusform>
            <numerusform>Retry %n jobs? Each runs again as a new job, with the same parameters.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&amp;Cancel %n jobs</source>
        <translation>
            <numerusform>&amp;Cancel %n job</numerusform>
            <numerusform>&amp;Cancel %n jobs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&amp;Retry %n jobs</source>
        <translation>
            <numerusform>&amp;Retry %n job</numerusform>
            <numerusform>&amp;Retry %n jobs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::BlueprintSession</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::CommitRun</name>
    <message numerus="yes">
        <source>%n policies</source>
        <translation>
            <numerusform>%n policy</numerusform>
            <numerusform>%n policies</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::DeniedPane</name>
    <message numerus="yes">
        <source>Refused to jobs of the last 30 days: %n places</source>
        <translation>
            <numerusform>Refused to jobs of the last 30 days: %n place</numerusform>
            <numerusform>Refused to jobs of the last 30 days: %n places</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::DownloadQueue</name>
    <message numerus="yes">
        <source>The list holds %n downloads; remove some first.</source>
        <translation>
            <numerusform>The list holds %n download; remove some first.</numerusform>
            <numerusform>The list holds %n downloads; remove some first.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::FindingsModel</name>
    <message numerus="yes">
        <source>%n errors</source>
        <translation>
            <numerusform>%n error</numerusform>
            <numerusform>%n errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warnings</source>
        <translation>
            <numerusform>%n warning</numerusform>
            <numerusform>%n warnings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hints</source>
        <translation>
            <numerusform>%n hint</numerusform>
            <numerusform>%n hints</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::HostTestModel</name>
    <message numerus="yes">
        <source>%n hosts</source>
        <translation>
            <numerusform>%n host</numerusform>
            <numerusform>%n hosts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::ImportDialog</name>
    <message numerus="yes">
        <source>%n entries, each the narrowest that helps</source>
        <translation>
            <numerusform>%n entry, the narrowest that helps</numerusform>
            <numerusform>%n entries, each the narrowest that helps</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::JobBatch</name>
    <message numerus="yes">
        <source>%Ln will be cancelled</source>
        <translation>
            <numerusform>%Ln will be cancelled</numerusform>
            <numerusform>%Ln will be cancelled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln will run again</source>
        <translation>
            <numerusform>%Ln will run again</numerusform>
            <numerusform>%Ln will run again</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::JobPage</name>
    <message numerus="yes">
        <source>The log has only %Ln lines.</source>
        <translation>
            <numerusform>The log has only %Ln line.</numerusform>
            <numerusform>The log has only %Ln lines.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Waiting: %n other logs of this master are open</source>
        <translation>
            <numerusform>Waiting: %n other log of this master is open</numerusform>
            <numerusform>Waiting: %n other logs of this master are open</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::JobTableModel</name>
    <message numerus="yes">
        <source>The last %n jobs of %1 ran %2 to %3.</source>
        <translation>
            <numerusform>The last %n job of %1 ran %2 to %3.</numerusform>
            <numerusform>The last %n jobs of %1 ran %2 to %3.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::JobsPage</name>
    <message numerus="yes">
        <source>%n new - show</source>
        <translation>
            <numerusform>%n new - show</numerusform>
            <numerusform>%n new - show</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln jobs</source>
        <translation>
            <numerusform>%Ln job</numerusform>
            <numerusform>%Ln jobs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln jobs</source>
        <translation>
            <numerusform>%1 of %Ln job</numerusform>
            <numerusform>%1 of %Ln jobs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::LogPane</name>
    <message numerus="yes">
        <source>%1 matches</source>
        <translation>
            <numerusform>%1 match</numerusform>
            <numerusform>%1 matches</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Paused · + %Ln lines below</source>
        <translation>
            <numerusform>Paused · + %Ln line below</numerusform>
            <numerusform>Paused · + %Ln lines below</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln lines · %1</source>
        <translation>
            <numerusform>%Ln line · %1</numerusform>
            <numerusform>%Ln lines · %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n errors</source>
        <translation>
            <numerusform>%n error</numerusform>
            <numerusform>%n errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n steps folded</source>
        <translation>
            <numerusform>%n step folded</numerusform>
            <numerusform>%n steps folded</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::LogView</name>
    <message numerus="yes">
        <source>%n lines folded</source>
        <translation>
            <numerusform>%n line folded</numerusform>
            <numerusform>%n lines folded</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::MastersActions</name>
    <message numerus="yes">
        <source>%n profiles exported, without tokens.</source>
        <translation>
            <numerusform>%n profile exported, without tokens.</numerusform>
            <numerusform>%n profiles exported, without tokens.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove %n masters from the list? Their stored tokens are forgotten too. Nothing changes on the masters themselves.</source>
        <translation>
            <numerusform>Remove %n master from the list? Its stored token is forgotten too. Nothing changes on the master itself.</numerusform>
            <numerusform>Remove %n masters from the list? Their stored tokens are forgotten too. Nothing changes on the masters themselves.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::PipelineTableModel</name>
    <message numerus="yes">
        <source>%n succeeded</source>
        <translation>
            <numerusform>%n succeeded</numerusform>
            <numerusform>%n succeeded</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n timed out</source>
        <translation>
            <numerusform>%n timed out</numerusform>
            <numerusform>%n timed out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cancelled</source>
        <translation>
            <numerusform>%n cancelled</numerusform>
            <numerusform>%n cancelled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unfinished</source>
        <translation>
            <numerusform>%n unfinished</numerusform>
            <numerusform>%n unfinished</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The last %n jobs ran %1 to %2.</source>
        <translation>
            <numerusform>The last %n job ran %1 to %2.</numerusform>
            <numerusform>The last %n jobs ran %1 to %2.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Of %n jobs that ended by themselves</source>
        <translation>
            <numerusform>Of %n job that ended by itself</numerusform>
            <numerusform>Of %n jobs that ended by themselves</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::PipelinesPage</name>
    <message numerus="yes">
        <source>%n jobs, all that are known here.</source>
        <translation>
            <numerusform>%n job, all that is known here.</numerusform>
            <numerusform>%n jobs, all that are known here.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n jobs created since %1.</source>
        <translation>
            <numerusform>%n job created since %1.</numerusform>
            <numerusform>%n jobs created since %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Only the newest %n jobs are known here, since %1.</source>
        <translation>
            <numerusform>Only the newest %n job is known here, since %1.</numerusform>
            <numerusform>Only the newest %n jobs are known here, since %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Of all %n failed jobs.</source>
        <translation>
            <numerusform>Of %n failed job.</numerusform>
            <numerusform>Of all %n failed jobs.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pipelines</source>
        <translation>
            <numerusform>%n pipeline</numerusform>
            <numerusform>%n pipelines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::SecretField</name>
    <message numerus="yes">
        <source>%1, %Ln bytes</source>
        <translation>
            <numerusform>%1, %Ln byte</numerusform>
            <numerusform>%1, %Ln bytes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::SecretsModel</name>
    <message numerus="yes">
        <source>%n: %1</source>
        <translation>
            <numerusform>%n: %1</numerusform>
            <numerusform>%n: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::SecretsPage</name>
    <message numerus="yes">
        <source>%n secrets are asked for and not defined: jobs that need them fail.</source>
        <translation>
            <numerusform>%n secret is asked for and not defined: jobs that need it fail.</numerusform>
            <numerusform>%n secrets are asked for and not defined: jobs that need them fail.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The Blueprint names the new secret in %n places: commit it, then delete the old one.</source>
        <translation>
            <numerusform>The Blueprint names the new secret in %n place: commit it, then delete the old one.</numerusform>
            <numerusform>The Blueprint names the new secret in %n places: commit it, then delete the old one.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n secrets</source>
        <translation>
            <numerusform>%n secret</numerusform>
            <numerusform>%n secrets</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::WildcardDialog</name>
    <message numerus="yes">
        <source>    and %n more</source>
        <translation>
            <numerusform>    and %n more</numerusform>
            <numerusform>    and %n more</numerusform>
        </translation>
    </message>
</context>
</TS>
