<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Activity</name>
    <message>
        <source>Connection</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>Anfrage</translation>
    </message>
    <message>
        <source>Sign-in</source>
        <translation>Anmeldung</translation>
    </message>
    <message>
        <source>Commit</source>
        <translation>Commit</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Download</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Job</translation>
    </message>
    <message>
        <source>Console</source>
        <translation>Konsole</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
</context>
<context>
    <name>Allowlists</name>
    <message>
        <source>Every job</source>
        <translation>Jeder Job</translation>
    </message>
    <message>
        <source>Pipeline %1</source>
        <translation>Pipeline %1</translation>
    </message>
</context>
<context>
    <name>ArchiveList</name>
    <message>
        <source>This archive has more than %1 entries; it is not looked into.</source>
        <translation>Dieses Archiv hat mehr als %1 Einträge; es wird nicht hineingesehen.</translation>
    </message>
    <message>
        <source>This archive unpacks to more than %1; it is not looked into.</source>
        <translation>Dieses Archiv ist ausgepackt größer als %1; es wird nicht hineingesehen.</translation>
    </message>
    <message>
        <source>This archive has an entry whose name is too long; it is not looked into.</source>
        <translation>Dieses Archiv hat einen Eintrag mit zu langem Namen; es wird nicht hineingesehen.</translation>
    </message>
    <message>
        <source>Looking into the archive was stopped.</source>
        <translation>Das Hineinsehen wurde angehalten.</translation>
    </message>
    <message>
        <source>This is no archive that can be looked into, or a damaged one: ZIP and tar files can, the latter also compressed by gzip, bzip2, xz or zstd.</source>
        <translation>In dieses Archiv kann nicht hineingesehen werden, oder es ist beschädigt: Es geht mit ZIP- und tar-Dateien, letztere auch mit gzip, bzip2, xz oder zstd gepackt.</translation>
    </message>
    <message>
        <source>Read the archive: %1</source>
        <translation>Archiv lesen: %1</translation>
    </message>
    <message>
        <source>%1 is no file in this archive.</source>
        <translation>%1 ist keine Datei in diesem Archiv.</translation>
    </message>
</context>
<context>
    <name>CommitPlan</name>
    <message>
        <source>unset</source>
        <translation>nicht gesetzt</translation>
    </message>
    <message>
        <source>every job</source>
        <translation>jeden Job</translation>
    </message>
    <message>
        <source>pipeline %1</source>
        <translation>Pipeline %1</translation>
    </message>
    <message>
        <source>Opens every name on the internet (%1).</source>
        <translation>Öffnet jeden Namen im Internet (%1).</translation>
    </message>
    <message numerus="yes">
        <source>Removes %1, which %n jobs of the last 30 days used.</source>
        <translation>
            <numerusform>Entfernt %1, das %n Job der letzten 30 Tage benutzt hat.</numerusform>
            <numerusform>Entfernt %1, das %n Jobs der letzten 30 Tage benutzt haben.</numerusform>
        </translation>
    </message>
    <message>
        <source>Keeps %1 for a shorter time: older ones are deleted.</source>
        <translation>Kürzere Aufbewahrung für %1: Ältere werden gelöscht.</translation>
    </message>
    <message numerus="yes">
        <source>%n hosts</source>
        <translation>
            <numerusform>%n Host</numerusform>
            <numerusform>%n Hosts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more changes</source>
        <translation>
            <numerusform>%n weitere Änderung</numerusform>
            <numerusform>%n weitere Änderungen</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing changes in meaning</source>
        <translation>An der Bedeutung ändert sich nichts</translation>
    </message>
    <message>
        <source>%1 is a production master.</source>
        <translation>%1 ist ein Produktions-Master.</translation>
    </message>
    <message>
        <source>Audit mode lets every job reach the whole world.</source>
        <translation>Im Audit-Modus erreicht jeder Job die ganze Welt.</translation>
    </message>
    <message>
        <source>logs</source>
        <translation>Logs</translation>
    </message>
    <message>
        <source>artifacts</source>
        <translation>Artefakte</translation>
    </message>
    <message>
        <source>The configuration is not loaded yet.</source>
        <translation>Die Konfiguration ist noch nicht geladen.</translation>
    </message>
    <message>
        <source>This master may not write to the repository.</source>
        <translation>Dieser Master darf nicht in das Repository schreiben.</translation>
    </message>
    <message>
        <source>Nothing is changed.</source>
        <translation>Nichts ist geändert.</translation>
    </message>
    <message>
        <source>An error has to be mended first: %1</source>
        <translation>Zuerst ist ein Fehler zu beheben: %1</translation>
    </message>
    <message>
        <source>A message is missing: say why.</source>
        <translation>Eine Nachricht fehlt: Nennen Sie den Grund.</translation>
    </message>
    <message>
        <source>Line %1 has %2 characters; git shows %3 well.</source>
        <translation>Zeile %1 hat %2 Zeichen; git zeigt höchstens %3 gut an.</translation>
    </message>
    <message>
        <source>Leave the second line empty: the first is the subject.</source>
        <translation>Lassen Sie die zweite Zeile leer: Die erste ist der Betreff.</translation>
    </message>
</context>
<context>
    <name>ConfigForm</name>
    <message>
        <source>Change %1</source>
        <translation>%1 ändern</translation>
    </message>
</context>
<context>
    <name>ConnectDialog</name>
    <message>
        <source>Connect to a master</source>
        <translation>Mit einem Master verbinden</translation>
    </message>
    <message>
        <source>&amp;Address:</source>
        <translation>&amp;Adresse:</translation>
    </message>
    <message>
        <source>&amp;Token:</source>
        <translation>&amp;Token:</translation>
    </message>
    <message>
        <source>From &amp;file…</source>
        <translation>Aus &amp;Datei…</translation>
    </message>
    <message>
        <source>Read the token from a file, such as admin.token in the master&apos;s data directory</source>
        <translation>Das Token aus einer Datei lesen, etwa admin.token im Datenverzeichnis des Masters</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>&amp;Name:</translation>
    </message>
    <message>
        <source>Shown on the chip; the host if empty</source>
        <translation>Steht oben in der Leiste; leer: der Host</translation>
    </message>
    <message>
        <source>&amp;Kind:</source>
        <translation>A&amp;rt:</translation>
    </message>
    <message>
        <source>&amp;Remember the token in the desktop&apos;s keychain</source>
        <translation>Token im &amp;Schlüsselbund des Desktops merken</translation>
    </message>
    <message>
        <source>Address, name and kind go into the settings. The token goes into the keychain or stays in memory, and is never written to a file.</source>
        <translation>Adresse, Name und Art stehen in den Einstellungen. Das Token kommt in den Schlüsselbund oder bleibt im Arbeitsspeicher; in eine Datei wird es nie geschrieben.</translation>
    </message>
</context>
<context>
    <name>EntryWords</name>
    <message>
        <source>port %1</source>
        <translation>Port %1</translation>
    </message>
    <message>
        <source>all its ports</source>
        <translation>alle seine Ports</translation>
    </message>
    <message>
        <source>ports 80 and 443</source>
        <translation>Ports 80 und 443</translation>
    </message>
    <message>
        <source>%1 itself and nothing below it, %2</source>
        <translation>%1 selbst und nichts darunter, %2</translation>
    </message>
    <message>
        <source>names one label below %1, not %1 itself, %2</source>
        <translation>Namen eine Ebene unter %1, nicht %1 selbst, %2</translation>
    </message>
    <message>
        <source>all names below %1, however deep, not %1 itself, %2</source>
        <translation>alle Namen unter %1 in jeder Tiefe, nicht %1 selbst, %2</translation>
    </message>
    <message>
        <source>with this Cilium only one label below %1, not %1 itself, %2</source>
        <translation>mit diesem Cilium nur eine Ebene unter %1, nicht %1 selbst, %2</translation>
    </message>
    <message>
        <source>names of the form %1; * stands for any characters but a dot, also for none, %2</source>
        <translation>Namen der Form %1; * steht für beliebige Zeichen außer einem Punkt, auch für keines, %2</translation>
    </message>
    <message>
        <source>every name there is, %1</source>
        <translation>jeder Name, den es gibt, %1</translation>
    </message>
    <message>
        <source>the cluster&apos;s Service %1 in %2, %3</source>
        <translation>der Service %1 des Clusters in %2, %3</translation>
    </message>
    <message>
        <source>Exact name</source>
        <translation>Genauer Name</translation>
    </message>
    <message>
        <source>Wildcard, one level</source>
        <translation>Platzhalter, eine Ebene</translation>
    </message>
    <message>
        <source>Wildcard, any depth</source>
        <translation>Platzhalter, jede Tiefe</translation>
    </message>
    <message>
        <source>Wildcard inside</source>
        <translation>Platzhalter im Namen</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>In the cluster</source>
        <translation>Im Cluster</translation>
    </message>
    <message>
        <source>Invalid</source>
        <translation>Ungültig</translation>
    </message>
    <message>
        <source>opens nothing: no entry can be written like this</source>
        <translation>öffnet nichts: So lässt sich kein Eintrag schreiben</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Hint</source>
        <translation>Hinweis</translation>
    </message>
</context>
<context>
    <name>Failure</name>
    <message>
        <source>It was cancelled.</source>
        <translation>Er wurde abgebrochen.</translation>
    </message>
    <message>
        <source>Step %1 &quot;%2&quot; failed: %3</source>
        <translation>Schritt %1 „%2“ ist fehlgeschlagen: %3</translation>
    </message>
    <message>
        <source>It took longer than it may.</source>
        <translation>Er dauerte länger als erlaubt.</translation>
    </message>
    <message>
        <source>The master gave no reason.</source>
        <translation>Der Master nannte keinen Grund.</translation>
    </message>
</context>
<context>
    <name>JobDetails</name>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Nachricht</translation>
    </message>
    <message>
        <source>Master</source>
        <translation>Master</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>Kennung</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Repository</source>
        <translation>Repository</translation>
    </message>
    <message>
        <source>Branch</source>
        <translation>Branch</translation>
    </message>
    <message>
        <source>Commit</source>
        <translation>Commit</translation>
    </message>
    <message>
        <source>Trigger</source>
        <translation>Auslöser</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>By</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>Ereignis</translation>
    </message>
    <message>
        <source>Attempt</source>
        <translation>Versuch</translation>
    </message>
    <message>
        <source>Retry of</source>
        <translation>Wiederholung von</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>Zeiten</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>Erstellt</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Gestartet</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <source>Waited</source>
        <translation>Gewartet</translation>
    </message>
    <message>
        <source>Ran</source>
        <translation>Gelaufen</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>(empty)</source>
        <translation>(leer)</translation>
    </message>
    <message>
        <source>enforced: only what the allowlist names</source>
        <translation>durchgesetzt: nur was die Freigabeliste nennt</translation>
    </message>
    <message>
        <source>declared: the allowlist is not shown to hold</source>
        <translation>erklärt: nicht gezeigt, dass die Freigabeliste hält</translation>
    </message>
    <message>
        <source>none: nothing guards what it reaches</source>
        <translation>keiner: nichts bewacht, was der Job erreicht</translation>
    </message>
    <message>
        <source>Egress</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>Guard</source>
        <translation>Schutz</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
</context>
<context>
    <name>JobLink</name>
    <message>
        <source>open link &apos;%1&apos;: %2</source>
        <translation>Link „%1“ öffnen: %2</translation>
    </message>
    <message>
        <source>not a link to a job</source>
        <translation>kein Link zu einem Job</translation>
    </message>
    <message>
        <source>it names no job</source>
        <translation>er nennt keinen Job</translation>
    </message>
    <message>
        <source>it names no master</source>
        <translation>er nennt keinen Master</translation>
    </message>
    <message>
        <source>its line is no number</source>
        <translation>seine Zeile ist keine Zahl</translation>
    </message>
</context>
<context>
    <name>JobQuery</name>
    <message>
        <source>A value is missing after the colon.</source>
        <translation>Nach dem Doppelpunkt fehlt ein Wert.</translation>
    </message>
    <message>
        <source>No such state: try running, failed, succeeded, queued.</source>
        <translation>Diesen Zustand gibt es nicht: etwa running, failed, succeeded, queued.</translation>
    </message>
    <message>
        <source>Expected a time span such as 30m, 2h or 7d.</source>
        <translation>Erwartet wird eine Zeitspanne wie 30m, 2h oder 7d.</translation>
    </message>
    <message>
        <source>Expected is:mine or is:watched.</source>
        <translation>Erwartet: is:mine oder is:watched.</translation>
    </message>
</context>
<context>
    <name>PreferencesPage</name>
    <message>
        <source>Sections</source>
        <translation>Bereiche</translation>
    </message>
    <message>
        <source>&amp;Connect at start to the masters that were connected last</source>
        <translation>Beim Start mit den zuletzt verbundenen Mastern &amp;verbinden</translation>
    </message>
    <message>
        <source>My &amp;name on masters:</source>
        <translation>Mein &amp;Name auf Mastern:</translation>
    </message>
    <message>
        <source>Used for my jobs where the sign-in does not say who I am.</source>
        <translation>Gilt für „Meine Jobs“, wo die Anmeldung nicht sagt, wer ich bin.</translation>
    </message>
    <message>
        <source>&amp;Colours:</source>
        <translation>&amp;Farben:</translation>
    </message>
    <message>
        <source>Cache &amp;size:</source>
        <translation>&amp;Größe des Caches:</translation>
    </message>
    <message>
        <source> MiB</source>
        <translation> MiB</translation>
    </message>
    <message>
        <source>Cache &amp;folder:</source>
        <translation>&amp;Ordner des Caches:</translation>
    </message>
    <message>
        <source>Size and folder count from the next start on.</source>
        <translation>Größe und Ordner gelten ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>My &amp;jobs have ended</source>
        <translation>Meine &amp;Jobs sind beendet</translation>
    </message>
    <message>
        <source>&amp;Watched jobs changed</source>
        <translation>&amp;Beobachtete Jobs haben sich geändert</translation>
    </message>
    <message>
        <source>Any job has &amp;failed</source>
        <translation>Irgendein Job ist &amp;fehlgeschlagen</translation>
    </message>
    <message>
        <source>A master needs me to &amp;sign in</source>
        <translation>Ein Master verlangt eine &amp;Anmeldung</translation>
    </message>
    <message>
        <source>&amp;Quiet hours</source>
        <translation>&amp;Ruhezeiten</translation>
    </message>
    <message>
        <source>F&amp;rom:</source>
        <translation>&amp;Von:</translation>
    </message>
    <message>
        <source>&amp;To:</source>
        <translation>B&amp;is:</translation>
    </message>
    <message>
        <source>&amp;Proxy:</source>
        <translation>&amp;Proxy:</translation>
    </message>
    <message>
        <source>Proxy &amp;host:</source>
        <translation>Proxy-&amp;Host:</translation>
    </message>
    <message>
        <source>Proxy p&amp;ort:</source>
        <translation>Proxy-P&amp;ort:</translation>
    </message>
    <message>
        <source>&amp;CA file:</source>
        <translation>&amp;CA-Datei:</translation>
    </message>
    <message>
        <source>Request &amp;timeout:</source>
        <translation>&amp;Zeitgrenze für Anfragen:</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>Counts for connections made from now on. A stream that is silent for two and a half heartbeats is stale.</source>
        <translation>Gilt für Verbindungen ab jetzt. Ein Strom, der zweieinhalb Herzschläge lang schweigt, gilt als veraltet.</translation>
    </message>
    <message>
        <source>&amp;Language:</source>
        <translation>&amp;Sprache:</translation>
    </message>
    <message>
        <source>Counts from the next start on.</source>
        <translation>Gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>&amp;Delete all cached logs</source>
        <translation>Alle Logs im Cache &amp;löschen</translation>
    </message>
    <message>
        <source>&amp;Sign out everywhere</source>
        <translation>Überall &amp;abmelden</translation>
    </message>
    <message>
        <source>Signing out disconnects every master and forgets its tokens, here and in the keychain.</source>
        <translation>Abmelden trennt jeden Master und vergisst seine Token, hier und im Schlüsselbund.</translation>
    </message>
    <message>
        <source>This desktop&apos;s cache folder</source>
        <translation>Der Cache-Ordner des Desktops</translation>
    </message>
    <message>
        <source>PEM, besides the system&apos;s</source>
        <translation>PEM, neben denen des Systems</translation>
    </message>
    <message>
        <source>Heart&amp;beat of masters:</source>
        <translation>H&amp;erzschlag der Master:</translation>
    </message>
    <message>
        <source>&amp;Font of logs:</source>
        <translation>Schrift de&amp;r Logs:</translation>
    </message>
    <message>
        <source>Si&amp;ze of it:</source>
        <translation>Ihre Grö&amp;ße:</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>Wie der Desktop</translation>
    </message>
    <message>
        <source> pt</source>
        <translation> pt</translation>
    </message>
</context>
<context>
    <name>Profile</name>
    <message>
        <source>Development</source>
        <translation>Entwicklung</translation>
    </message>
    <message>
        <source>DEV</source>
        <translation>DEV</translation>
    </message>
    <message>
        <source>Staging</source>
        <translation>Staging</translation>
    </message>
    <message>
        <source>STAGING</source>
        <translation>STAGING</translation>
    </message>
    <message>
        <source>Production</source>
        <translation>Produktion</translation>
    </message>
    <message>
        <source>PROD</source>
        <translation>PROD</translation>
    </message>
</context>
<context>
    <name>ProfileDialog</name>
    <message>
        <source>&amp;Address:</source>
        <translation>&amp;Adresse:</translation>
    </message>
    <message>
        <source>https://danube.example.org</source>
        <translation>https://danube.example.org</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>&amp;Name:</translation>
    </message>
    <message>
        <source>Shown on the chip; the host if empty</source>
        <translation>Steht oben in der Leiste; leer: der Host</translation>
    </message>
    <message>
        <source>&amp;Kind:</source>
        <translation>A&amp;rt:</translation>
    </message>
    <message>
        <source>&amp;Sign-in:</source>
        <translation>An&amp;meldung:</translation>
    </message>
    <message>
        <source>&amp;Issuer:</source>
        <translation>A&amp;ussteller:</translation>
    </message>
    <message>
        <source>https://dex.example.org</source>
        <translation>https://dex.example.org</translation>
    </message>
    <message>
        <source>&amp;Client id:</source>
        <translation>&amp;Client-ID:</translation>
    </message>
</context>
<context>
    <name>QObject</name>
    <message>
        <source>This desktop has no keychain.</source>
        <translation>Dieser Desktop hat keinen Schlüsselbund.</translation>
    </message>
    <message>
        <source>The keychain is not used.</source>
        <translation>Der Schlüsselbund wird nicht benutzt.</translation>
    </message>
</context>
<context>
    <name>RuleWords</name>
    <message>
        <source>the entry is empty</source>
        <translation>der Eintrag ist leer</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is the Kubernetes API server: jobs never reach it, the master works through it</source>
        <translation>„%1“ ist der API-Server von Kubernetes: Jobs erreichen ihn nie, der Master arbeitet über ihn</translation>
    </message>
    <message>
        <source>&apos;%1&apos; has blanks</source>
        <translation>„%1“ enthält Leerzeichen</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is a URL: an entry is a name, with a port or without</source>
        <translation>„%1“ ist eine URL: Ein Eintrag ist ein Name, mit Port oder ohne</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is an address: entries are names, addresses follow from DNS answers</source>
        <translation>„%1“ ist eine Adresse: Einträge sind Namen, Adressen ergeben sich aus DNS-Antworten</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is an address range: entries are names, addresses follow from DNS answers</source>
        <translation>„%1“ ist ein Adressbereich: Einträge sind Namen, Adressen ergeben sich aus DNS-Antworten</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is not ASCII: DNS carries the xn-- form</source>
        <translation>„%1“ ist nicht ASCII: DNS überträgt die Form mit xn--</translation>
    </message>
    <message>
        <source>&apos;%1&apos; has no port of 1 to 65535 after the colon</source>
        <translation>„%1“ hat nach dem Doppelpunkt keinen Port von 1 bis 65535</translation>
    </message>
    <message>
        <source>&apos;%1&apos; has characters other than letters, digits, &apos;-&apos;, &apos;_&apos;, &apos;.&apos; and &apos;*&apos;</source>
        <translation>„%1“ hat andere Zeichen als Buchstaben, Ziffern, „-“, „_“, „.“ und „*“</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is longer than %2 characters</source>
        <translation>„%1“ ist länger als %2 Zeichen</translation>
    </message>
    <message>
        <source>&apos;%1&apos; has an empty label</source>
        <translation>„%1“ hat einen leeren Namensteil</translation>
    </message>
    <message>
        <source>&apos;%1&apos; has a label of more than %2 characters: no such name exists</source>
        <translation>„%1“ hat einen Namensteil von mehr als %2 Zeichen: Einen solchen Namen gibt es nicht</translation>
    </message>
    <message>
        <source>&apos;%1&apos; has a &apos;*&apos; in a name of the cluster: name each Service</source>
        <translation>„%1“ hat ein „*“ in einem Namen des Clusters: Nennen Sie jeden Service</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is no Service of the cluster: write name.namespace.svc</source>
        <translation>„%1“ ist kein Service des Clusters: Schreiben Sie name.namespace.svc</translation>
    </message>
    <message>
        <source>%1 entries; %2 is the longest list</source>
        <translation>%1 Einträge; %2 ist die längste Liste</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is compared in lower case</source>
        <translation>„%1“ wird in Kleinbuchstaben verglichen</translation>
    </message>
    <message>
        <source>&apos;%1&apos; needs no trailing dot</source>
        <translation>„%1“ braucht keinen Punkt am Ende</translation>
    </message>
    <message>
        <source>&apos;%1&apos; has &apos;**&apos; where it means &apos;*&apos;: only &apos;**.&apos; in front spans labels</source>
        <translation>„%1“ hat „**“, wo es „*“ bedeutet: Nur „**.“ am Anfang reicht über Namensteile</translation>
    </message>
    <message>
        <source>&apos;%1&apos; has one label: no public name has; a Service is written name.namespace</source>
        <translation>„%1“ hat einen Namensteil: Kein öffentlicher Name ist so; ein Service wird name.namespace geschrieben</translation>
    </message>
    <message>
        <source>&apos;%1&apos; has more than %2 labels: with search domains (musl, ndots above 1) its lookups are refused first</source>
        <translation>„%1“ hat mehr als %2 Namensteile: Mit Suchdomänen (musl, ndots über 1) werden seine Anfragen zuerst abgelehnt</translation>
    </message>
    <message>
        <source>&apos;%1&apos; reads &apos;%2&apos;: make sure it is no look-alike</source>
        <translation>„%1“ liest sich „%2“: Vergewissern Sie sich, dass kein ähnlicher Name gemeint ist</translation>
    </message>
    <message>
        <source>&apos;%1&apos; allows every name there is</source>
        <translation>„%1“ erlaubt jeden Namen, den es gibt</translation>
    </message>
    <message>
        <source>&apos;%1&apos; allows every domain below &apos;%2&apos;: whoever registers one reads what queries carry out</source>
        <translation>„%1“ erlaubt jede Domain unter „%2“: Wer eine registriert, liest, was Anfragen hinaustragen</translation>
    </message>
    <message>
        <source>&apos;%1&apos; also matches &apos;%2&apos;, which anybody may register</source>
        <translation>„%1“ trifft auch „%2“, das jeder registrieren kann</translation>
    </message>
    <message>
        <source>&apos;%1&apos; lets &apos;%2&apos; through, a resolver over HTTPS: names asked there are seen by nobody</source>
        <translation>„%1“ lässt „%2“ durch, einen Resolver über HTTPS: Namen, die dort erfragt werden, sieht niemand</translation>
    </message>
    <message>
        <source>&apos;%1&apos; allows names below &apos;%2&apos;, which lead anywhere for anybody</source>
        <translation>„%1“ erlaubt Namen unter „%2“, die für jeden überallhin führen</translation>
    </message>
    <message>
        <source>&apos;%1&apos; allows other people&apos;s sites at &apos;%2&apos;; name yours</source>
        <translation>„%1“ erlaubt fremde Seiten bei „%2“; nennen Sie Ihre</translation>
    </message>
    <message>
        <source>&apos;%1&apos; shares its addresses with other sites of &apos;%2&apos;: on 443 the TLS name tells them apart, on 80 nothing does</source>
        <translation>„%1“ teilt seine Adressen mit anderen Seiten von „%2“: Auf 443 unterscheidet sie der TLS-Name, auf 80 nichts</translation>
    </message>
    <message>
        <source>&apos;%1&apos; means one label with Cilium %2; any depth needs 1.19</source>
        <translation>„%1“ bedeutet mit Cilium %2 einen Namensteil; jede Tiefe braucht 1.19</translation>
    </message>
    <message>
        <source>&apos;%1&apos; spans any depth: queries below it have room for data, read by whoever runs the domain</source>
        <translation>„%1“ reicht in jede Tiefe: Anfragen darunter haben Platz für Daten, die liest, wer die Domain betreibt</translation>
    </message>
    <message>
        <source>&apos;%1&apos; cannot be checked as a TLS name by Cilium %2: every site at its addresses is reachable</source>
        <translation>„%1“ kann Cilium %2 nicht als TLS-Namen prüfen: Jede Seite an seinen Adressen ist erreichbar</translation>
    </message>
    <message>
        <source>&apos;%1&apos; opens another resolver: names asked there are seen by nobody</source>
        <translation>„%1“ öffnet einen anderen Resolver: Namen, die dort erfragt werden, sieht niemand</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is open to every job anyway</source>
        <translation>„%1“ steht jedem Job ohnehin offen</translation>
    </message>
    <message>
        <source>&apos;%1&apos; opens more of the master than jobs need: port %2 is open anyway</source>
        <translation>„%1“ öffnet mehr vom Master, als Jobs brauchen: Port %2 ist ohnehin offen</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is there already, in config.json</source>
        <translation>„%1“ steht schon in config.json</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is there already (entry %2)</source>
        <translation>„%1“ steht schon da (Eintrag %2)</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is allowed by &apos;%2&apos; as well</source>
        <translation>„%1“ wird auch von „%2“ erlaubt</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is allowed by &apos;%2&apos; of config.json as well</source>
        <translation>„%1“ wird auch von „%2“ in config.json erlaubt</translation>
    </message>
    <message>
        <source>&apos;%1&apos; does not match &apos;%2&apos; itself</source>
        <translation>„%1“ trifft „%2“ selbst nicht</translation>
    </message>
    <message>
        <source>&apos;%1&apos; matches one label: &apos;a.%2&apos;, not &apos;a.b.%3&apos;</source>
        <translation>„%1“ trifft einen Namensteil: „a.%2“, nicht „a.b.%3“</translation>
    </message>
    <message>
        <source>&apos;%1&apos; (entry %2 of config.json) %3</source>
        <translation>„%1“ (Eintrag %2 von config.json) %3</translation>
    </message>
    <message>
        <source>&apos;%1&apos; (entry %2 of the pipeline) %3</source>
        <translation>„%1“ (Eintrag %2 der Pipeline) %3</translation>
    </message>
    <message>
        <source>allows it</source>
        <translation>erlaubt es</translation>
    </message>
    <message>
        <source>opens port %1 only</source>
        <translation>öffnet nur Port %1</translation>
    </message>
    <message>
        <source>opens ports 80 and 443, not %1</source>
        <translation>öffnet die Ports 80 und 443, nicht %1</translation>
    </message>
    <message>
        <source>spans one label with Cilium %1; any depth needs 1.19</source>
        <translation>reicht mit Cilium %1 über einen Namensteil; jede Tiefe braucht 1.19</translation>
    </message>
    <message>
        <source>matches names below &apos;%1&apos;, not itself</source>
        <translation>trifft Namen unter „%1“, nicht ihn selbst</translation>
    </message>
    <message>
        <source>matches one label, and &apos;%1&apos; has more</source>
        <translation>trifft einen Namensteil, und „%1“ hat mehr</translation>
    </message>
    <message>
        <source>matches that name only, none below it</source>
        <translation>trifft nur diesen Namen, keinen darunter</translation>
    </message>
    <message>
        <source>is of the same domain and does not match</source>
        <translation>ist von derselben Domain und trifft nicht</translation>
    </message>
    <message>
        <source>no entry comes near</source>
        <translation>kein Eintrag kommt dem nahe</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is an address: jobs reach names, whose addresses follow from DNS answers</source>
        <translation>„%1“ ist eine Adresse: Jobs erreichen Namen, deren Adressen sich aus DNS-Antworten ergeben</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is no DNS name</source>
        <translation>„%1“ ist kein DNS-Name</translation>
    </message>
    <message>
        <source>jobs never reach the Kubernetes API server</source>
        <translation>Jobs erreichen den API-Server von Kubernetes nie</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is no Service of the cluster</source>
        <translation>„%1“ ist kein Service des Clusters</translation>
    </message>
    <message>
        <source>every job reaches the master&apos;s port %1</source>
        <translation>jeder Job erreicht Port %1 des Masters</translation>
    </message>
    <message>
        <source>&apos;%1&apos;: Cilium %2 cannot check TLS names by such a pattern; every site at its addresses is reachable</source>
        <translation>„%1“: Cilium %2 kann TLS-Namen nach einem solchen Muster nicht prüfen; jede Seite an seinen Adressen ist erreichbar</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is compiled as &apos;%2&apos;: Cilium %3 has no pattern of any depth</source>
        <translation>„%1“ wird als „%2“ übersetzt: Cilium %3 hat kein Muster für jede Tiefe</translation>
    </message>
    <message>
        <source>1 entry of %1 are not opened by name: this cluster&apos;s policies know addresses only</source>
        <translation>1 Eintrag von %1 wird nicht nach Namen geöffnet: Die Policies dieses Clusters kennen nur Adressen</translation>
    </message>
    <message>
        <source>%1 entries of %2 are not opened by name: this cluster&apos;s policies know addresses only</source>
        <translation>%1 Einträge von %2 werden nicht nach Namen geöffnet: Die Policies dieses Clusters kennen nur Adressen</translation>
    </message>
    <message>
        <source>pipeline &apos;%1&apos;</source>
        <translation>Pipeline „%1“</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is not opened: no such Service is known</source>
        <translation>„%1“ wird nicht geöffnet: Ein solcher Service ist nicht bekannt</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is not opened: the Service has no selector</source>
        <translation>„%1“ wird nicht geöffnet: Der Service hat keinen Selektor</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is not opened: the Service has no such TCP port</source>
        <translation>„%1“ wird nicht geöffnet: Der Service hat keinen solchen TCP-Port</translation>
    </message>
    <message>
        <source>opens %1 on %2</source>
        <translation>öffnet %1 auf %2</translation>
    </message>
    <message>
        <source>closes %1 on %2</source>
        <translation>schließt %1 auf %2</translation>
    </message>
    <message>
        <source>adds &apos;%1&apos;, which is no entry</source>
        <translation>fügt „%1“ hinzu, was kein Eintrag ist</translation>
    </message>
    <message>
        <source>removes &apos;%1&apos;, which was no entry</source>
        <translation>entfernt „%1“, was kein Eintrag war</translation>
    </message>
    <message>
        <source>adds &apos;%1&apos;: &apos;%2&apos; allowed it already</source>
        <translation>fügt „%1“ hinzu: „%2“ erlaubte es schon</translation>
    </message>
    <message>
        <source>removes &apos;%1&apos;: &apos;%2&apos; still allows it</source>
        <translation>entfernt „%1“: „%2“ erlaubt es weiterhin</translation>
    </message>
    <message>
        <source>every name</source>
        <translation>jeden Namen</translation>
    </message>
    <message>
        <source>port %1</source>
        <translation>Port %1</translation>
    </message>
    <message>
        <source>ports 80 and 443</source>
        <translation>Ports 80 und 443</translation>
    </message>
    <message>
        <source>all its ports</source>
        <translation>allen seinen Ports</translation>
    </message>
    <message>
        <source>CiliumNetworkPolicy %1 is added</source>
        <translation>CiliumNetworkPolicy %1 kommt hinzu</translation>
    </message>
    <message>
        <source>CiliumNetworkPolicy %1 is removed</source>
        <translation>CiliumNetworkPolicy %1 fällt weg</translation>
    </message>
    <message>
        <source>CiliumNetworkPolicy %1 is changed</source>
        <translation>CiliumNetworkPolicy %1 wird geändert</translation>
    </message>
    <message>
        <source>NetworkPolicy %1 is added</source>
        <translation>NetworkPolicy %1 kommt hinzu</translation>
    </message>
    <message>
        <source>NetworkPolicy %1 is removed</source>
        <translation>NetworkPolicy %1 fällt weg</translation>
    </message>
    <message>
        <source>NetworkPolicy %1 is changed</source>
        <translation>NetworkPolicy %1 wird geändert</translation>
    </message>
    <message>
        <source>pipeline &quot;%1&quot; added</source>
        <translation>Pipeline „%1“ neu</translation>
    </message>
    <message>
        <source>pipeline &quot;%1&quot; removed</source>
        <translation>Pipeline „%1“ entfernt</translation>
    </message>
    <message>
        <source>user &quot;%1&quot; added</source>
        <translation>Benutzer „%1“ neu</translation>
    </message>
    <message>
        <source>user &quot;%1&quot; removed</source>
        <translation>Benutzer „%1“ entfernt</translation>
    </message>
    <message>
        <source>team &quot;%1&quot; added</source>
        <translation>Team „%1“ neu</translation>
    </message>
    <message>
        <source>team &quot;%1&quot; removed</source>
        <translation>Team „%1“ entfernt</translation>
    </message>
    <message>
        <source>%1 is missing</source>
        <translation>%1 fehlt</translation>
    </message>
    <message>
        <source>add &quot;%1&quot;: %2</source>
        <translation>„%1“ ergänzen: %2</translation>
    </message>
    <message>
        <source>unknown field, it has no effect</source>
        <translation>unbekanntes Feld, es hat keine Wirkung</translation>
    </message>
    <message>
        <source>&quot;%1&quot; may be meant</source>
        <translation>vielleicht ist „%1“ gemeint</translation>
    </message>
    <message>
        <source>expected %1, got %2</source>
        <translation>erwartet wird %1, da steht %2</translation>
    </message>
    <message>
        <source>expected %1</source>
        <translation>erwartet wird %1</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>ein Objekt</translation>
    </message>
    <message>
        <source>a list of at most %1</source>
        <translation>eine Liste von höchstens %1</translation>
    </message>
    <message>
        <source>a list of %1</source>
        <translation>eine Liste von %1</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true oder false</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>eine ganze Zahl</translation>
    </message>
    <message>
        <source>a whole number of at least %1</source>
        <translation>eine ganze Zahl ab %1</translation>
    </message>
    <message>
        <source>a whole number from %1 to %2</source>
        <translation>eine ganze Zahl von %1 bis %2</translation>
    </message>
    <message>
        <source>a whole number of days, 0 for ever</source>
        <translation>eine ganze Zahl von Tagen, 0 für immer</translation>
    </message>
    <message>
        <source>a whole number of seconds from 1 to 604800 (a week)</source>
        <translation>eine ganze Zahl von Sekunden von 1 bis 604800 (eine Woche)</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>ein Text</translation>
    </message>
    <message>
        <source>a text of %1 to %2 characters</source>
        <translation>ein Text von %1 bis %2 Zeichen</translation>
    </message>
    <message>
        <source>one of %1 or %2</source>
        <translation>eines von %1 oder %2</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>1 to 64 characters of a-z, 0-9 and -</source>
        <translation>1 bis 64 Zeichen aus a-z, 0-9 und -</translation>
    </message>
    <message>
        <source>1 to 64 characters of a-z, A-Z, 0-9, &apos;.&apos;, &apos;_&apos; and -</source>
        <translation>1 bis 64 Zeichen aus a-z, A-Z, 0-9, „.“, „_“ und -</translation>
    </message>
    <message>
        <source>a bcrypt hash such as &quot;%1&quot;</source>
        <translation>ein bcrypt-Hash wie „%1“</translation>
    </message>
    <message>
        <source>a branch or a pattern such as &quot;%1&quot;</source>
        <translation>ein Branch oder ein Muster wie „%1“</translation>
    </message>
    <message>
        <source>a host name in lower case, with a port where it is not the usual one</source>
        <translation>ein Hostname in Kleinbuchstaben, mit Port, wo es nicht der übliche ist</translation>
    </message>
    <message>
        <source>a host name or pattern such as &quot;%1&quot;, &quot;%2&quot; or &quot;%3&quot;</source>
        <translation>ein Hostname oder Muster wie „%1“, „%2“ oder „%3“</translation>
    </message>
    <message>
        <source>a path inside the repository</source>
        <translation>ein Pfad im Repository</translation>
    </message>
    <message>
        <source>an amount such as &quot;%1&quot;, &quot;%2&quot; or &quot;%3&quot;</source>
        <translation>eine Menge wie „%1“, „%2“ oder „%3“</translation>
    </message>
    <message>
        <source>an e-mail address</source>
        <translation>eine E-Mail-Adresse</translation>
    </message>
    <message>
        <source>an image such as &quot;%1&quot;</source>
        <translation>ein Image wie „%1“</translation>
    </message>
    <message>
        <source>five fields such as &quot;%1&quot;</source>
        <translation>fünf Felder wie „%1“</translation>
    </message>
    <message>
        <source>the URL of a git repository</source>
        <translation>die URL eines git-Repositorys</translation>
    </message>
    <message>
        <source>the name of a team in teams.json</source>
        <translation>der Name eines Teams in teams.json</translation>
    </message>
    <message>
        <source>the name of a user in users.json</source>
        <translation>der Name eines Benutzers in users.json</translation>
    </message>
    <message>
        <source>the number GitHub gave the app</source>
        <translation>die Nummer, die GitHub der App gab</translation>
    </message>
    <message>
        <source>the number GitHub gave the installation</source>
        <translation>die Nummer, die GitHub der Installation gab</translation>
    </message>
    <message>
        <source>&quot;%1&quot; names no tag: whatever is latest will run</source>
        <translation>„%1“ nennt kein Tag: Es läuft, was gerade das neueste ist</translation>
    </message>
    <message>
        <source>add a tag or a digest</source>
        <translation>ein Tag oder einen Digest ergänzen</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is there already, as number %2</source>
        <translation>„%1“ steht schon da, als Nummer %2</translation>
    </message>
    <message>
        <source>remove it</source>
        <translation>entfernen</translation>
    </message>
    <message>
        <source>write &quot;%1&quot;</source>
        <translation>„%1“ schreiben</translation>
    </message>
    <message>
        <source>a cron trigger needs a schedule</source>
        <translation>ein Cron-Auslöser braucht einen Zeitplan</translation>
    </message>
    <message>
        <source>only a cron trigger has a schedule</source>
        <translation>nur ein Cron-Auslöser hat einen Zeitplan</translation>
    </message>
    <message>
        <source>add &quot;schedule&quot;, such as &quot;%1&quot;</source>
        <translation>„schedule“ ergänzen, etwa „%1“</translation>
    </message>
    <message>
        <source>&quot;%1&quot; never comes</source>
        <translation>„%1“ kommt nie</translation>
    </message>
    <message>
        <source>a cron trigger needs the names of branches</source>
        <translation>ein Cron-Auslöser braucht die Namen von Branches</translation>
    </message>
    <message>
        <source>name each branch</source>
        <translation>jeden Branch nennen</translation>
    </message>
    <message>
        <source>only a cron trigger catches up</source>
        <translation>nur ein Cron-Auslöser holt nach</translation>
    </message>
    <message>
        <source>an ssh key is only used with hosts whose keys are known</source>
        <translation>ein SSH-Schlüssel wird nur bei Hosts benutzt, deren Schlüssel bekannt sind</translation>
    </message>
    <message>
        <source>add &quot;known_hosts&quot; with the lines that ssh-keyscan %1 prints, after checking them</source>
        <translation>„known_hosts“ mit den Zeilen ergänzen, die ssh-keyscan %1 ausgibt, nachdem sie geprüft sind</translation>
    </message>
    <message>
        <source>a GitHub App signs in with app_id and installation_id</source>
        <translation>eine GitHub-App meldet sich mit app_id und installation_id an</translation>
    </message>
    <message>
        <source>add both; they stand on the app&apos;s and on the installation&apos;s page</source>
        <translation>beide ergänzen; sie stehen auf den Seiten der App und der Installation</translation>
    </message>
    <message>
        <source>only a GitHub App has app_id and installation_id</source>
        <translation>nur eine GitHub-App hat app_id und installation_id</translation>
    </message>
    <message>
        <source>remove them, or set &quot;type&quot; to &quot;github_app&quot;</source>
        <translation>sie entfernen oder „type“ auf „github_app“ setzen</translation>
    </message>
    <message>
        <source>there is another entry for %1</source>
        <translation>es gibt einen anderen Eintrag für %1</translation>
    </message>
    <message>
        <source>keep one of them</source>
        <translation>einen davon behalten</translation>
    </message>
    <message>
        <source>the user &quot;%1&quot; is defined in %2 already</source>
        <translation>der Benutzer „%1“ ist schon in %2 definiert</translation>
    </message>
    <message>
        <source>the team &quot;%1&quot; is defined in %2 already</source>
        <translation>das Team „%1“ ist schon in %2 definiert</translation>
    </message>
    <message>
        <source>the pipeline &quot;%1&quot; is defined in %2 already</source>
        <translation>die Pipeline „%1“ ist schon in %2 definiert</translation>
    </message>
    <message>
        <source>rename or remove one of them</source>
        <translation>eines davon umbenennen oder entfernen</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not the name of its file, %2</source>
        <translation>„%1“ ist nicht der Name seiner Datei %2</translation>
    </message>
    <message>
        <source>rename the file to pipelines/%1.json, or the pipeline to &quot;%2&quot;</source>
        <translation>die Datei in pipelines/%1.json umbenennen oder die Pipeline in „%2“</translation>
    </message>
    <message>
        <source>there is no user &quot;%1&quot;</source>
        <translation>es gibt keinen Benutzer „%1“</translation>
    </message>
    <message>
        <source>there is no team &quot;%1&quot;</source>
        <translation>es gibt kein Team „%1“</translation>
    </message>
    <message>
        <source>define it, or remove it here</source>
        <translation>es definieren oder hier entfernen</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is a member already</source>
        <translation>„%1“ ist schon Mitglied</translation>
    </message>
    <message>
        <source>&quot;%1&quot; has a permission here already</source>
        <translation>„%1“ hat hier schon ein Recht</translation>
    </message>
    <message>
        <source>keep the higher one</source>
        <translation>das höhere behalten</translation>
    </message>
    <message>
        <source>%1 is %2&apos;s address already</source>
        <translation>%1 ist schon die Adresse von %2</translation>
    </message>
    <message>
        <source>one address signs in one user</source>
        <translation>eine Adresse meldet einen Benutzer an</translation>
    </message>
    <message>
        <source>the file has %1 bytes, more than 1 MiB</source>
        <translation>die Datei hat %1 Bytes, mehr als 1 MiB</translation>
    </message>
    <message>
        <source>asterisks stand for a hash that the API does not show</source>
        <translation>Sternchen stehen für einen Hash, den die API nicht zeigt</translation>
    </message>
    <message>
        <source>write a hash, or leave %1 out of the change</source>
        <translation>einen Hash schreiben oder %1 aus der Änderung lassen</translation>
    </message>
    <message>
        <source>expected an object at the top, got a list</source>
        <translation>erwartet wird ganz oben ein Objekt, da steht eine Liste</translation>
    </message>
    <message>
        <source>expected an object at the top</source>
        <translation>erwartet wird ganz oben ein Objekt</translation>
    </message>
    <message>
        <source>%1 is there twice, first in line %2</source>
        <translation>%1 steht zweimal da, zuerst in Zeile %2</translation>
    </message>
    <message>
        <source>there is no config.json and no pipelines/*.json here</source>
        <translation>hier gibt es weder config.json noch pipelines/*.json</translation>
    </message>
    <message>
        <source>is this the right branch and config_repo.path?</source>
        <translation>sind das der richtige Branch und config_repo.path?</translation>
    </message>
    <message>
        <source>the document</source>
        <translation>das Dokument</translation>
    </message>
    <message>
        <source>the file is missing: defaults apply</source>
        <translation>die Datei fehlt: Es gelten die Voreinstellungen</translation>
    </message>
    <message>
        <source>a byte order mark is not allowed in JSON</source>
        <translation>eine Byte-Order-Mark ist in JSON nicht erlaubt</translation>
    </message>
    <message>
        <source>save the file as UTF-8 without byte order mark</source>
        <translation>die Datei als UTF-8 ohne Byte-Order-Mark speichern</translation>
    </message>
    <message>
        <source>this is no UTF-8</source>
        <translation>das ist kein UTF-8</translation>
    </message>
    <message>
        <source>save the file as UTF-8</source>
        <translation>die Datei als UTF-8 speichern</translation>
    </message>
    <message>
        <source>text after the end of the document</source>
        <translation>Text nach dem Ende des Dokuments</translation>
    </message>
    <message>
        <source>remove it, or look for a bracket too many before it</source>
        <translation>ihn entfernen oder davor nach einer Klammer zu viel suchen</translation>
    </message>
    <message>
        <source>more than %1 levels of nesting</source>
        <translation>mehr als %1 Ebenen der Verschachtelung</translation>
    </message>
    <message>
        <source>a comma before &apos;%1&apos;</source>
        <translation>ein Komma vor „%1“</translation>
    </message>
    <message>
        <source>remove the comma</source>
        <translation>das Komma entfernen</translation>
    </message>
    <message>
        <source>an invisible character (U+FEFF) in front of a string</source>
        <translation>ein unsichtbares Zeichen (U+FEFF) vor einer Zeichenkette</translation>
    </message>
    <message>
        <source>a string that does not end on its line</source>
        <translation>eine Zeichenkette, die nicht in ihrer Zeile endet</translation>
    </message>
    <message>
        <source>close it with &quot;, or write \n</source>
        <translation>sie mit &quot; schließen oder \n schreiben</translation>
    </message>
    <message>
        <source>a control character in a string</source>
        <translation>ein Steuerzeichen in einer Zeichenkette</translation>
    </message>
    <message>
        <source>write \u%1</source>
        <translation>\u%1 schreiben</translation>
    </message>
    <message>
        <source>a string that does not end</source>
        <translation>eine Zeichenkette, die nicht endet</translation>
    </message>
    <message>
        <source>close it with &quot;</source>
        <translation>sie mit &quot; schließen</translation>
    </message>
    <message>
        <source>an unknown escape in a string</source>
        <translation>eine unbekannte Escape-Folge in einer Zeichenkette</translation>
    </message>
    <message>
        <source>write \\ for a backslash</source>
        <translation>\\ für einen Backslash schreiben</translation>
    </message>
    <message>
        <source>\u without four hexadecimal digits</source>
        <translation>\u ohne vier hexadezimale Ziffern</translation>
    </message>
    <message>
        <source>a number with a leading zero</source>
        <translation>eine Zahl mit führender Null</translation>
    </message>
    <message>
        <source>remove the zero</source>
        <translation>die Null entfernen</translation>
    </message>
    <message>
        <source>the word %1 is no JSON value</source>
        <translation>das Wort %1 ist kein JSON-Wert</translation>
    </message>
    <message>
        <source>put text into double quotes</source>
        <translation>Text in doppelte Anführungszeichen setzen</translation>
    </message>
    <message>
        <source>expected %1, but the text ends</source>
        <translation>erwartet wird %1, doch der Text endet</translation>
    </message>
    <message>
        <source>expected %1; JSON has no comments</source>
        <translation>erwartet wird %1; JSON hat keine Kommentare</translation>
    </message>
    <message>
        <source>remove the comment</source>
        <translation>den Kommentar entfernen</translation>
    </message>
    <message>
        <source>expected %1, got a single quote</source>
        <translation>erwartet wird %1, da steht ein einfaches Anführungszeichen</translation>
    </message>
    <message>
        <source>use double quotes</source>
        <translation>doppelte Anführungszeichen benutzen</translation>
    </message>
    <message>
        <source>a value</source>
        <translation>ein Wert</translation>
    </message>
    <message>
        <source>a key in double quotes</source>
        <translation>ein Schlüssel in doppelten Anführungszeichen</translation>
    </message>
    <message>
        <source>&apos;:&apos; after the key &quot;%1&quot;</source>
        <translation>„:“ nach dem Schlüssel „%1“</translation>
    </message>
    <message>
        <source>&apos;,&apos; or &apos;%1&apos;</source>
        <translation>„,“ oder „%1“</translation>
    </message>
    <message>
        <source>a digit</source>
        <translation>eine Ziffer</translation>
    </message>
    <message>
        <source>a digit after &apos;%1&apos;</source>
        <translation>eine Ziffer nach „%1“</translation>
    </message>
    <message>
        <source>a digit in the exponent</source>
        <translation>eine Ziffer im Exponenten</translation>
    </message>
    <message>
        <source>image &quot;%1&quot;: %2</source>
        <translation>Image „%1“: %2</translation>
    </message>
    <message>
        <source>branch pattern &quot;%1&quot;: %2</source>
        <translation>Branch-Muster „%1“: %2</translation>
    </message>
    <message>
        <source>expected @sha256: and 64 hexadecimal digits</source>
        <translation>erwartet werden @sha256: und 64 hexadezimale Ziffern</translation>
    </message>
    <message>
        <source>expected a tag of up to 128 letters, digits, &apos;_&apos;, &apos;.&apos; and - after &apos;:&apos;</source>
        <translation>erwartet wird nach „:“ ein Tag aus bis zu 128 Buchstaben, Ziffern, „_“, „.“ und -</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no host name</source>
        <translation>„%1“ ist kein Hostname</translation>
    </message>
    <message>
        <source>expected 1 to %1 characters</source>
        <translation>erwartet werden 1 bis %1 Zeichen</translation>
    </message>
    <message>
        <source>expected a name without scheme such as https://</source>
        <translation>erwartet wird ein Name ohne Schema wie https://</translation>
    </message>
    <message>
        <source>repository names are in lower case: &quot;%1&quot;</source>
        <translation>Namen von Repositorys sind kleingeschrieben: „%1“</translation>
    </message>
    <message>
        <source>expected a repository name of a-z, 0-9, &apos;.&apos;, &apos;_&apos; and - with &apos;/&apos; between its parts</source>
        <translation>erwartet wird ein Repository-Name aus a-z, 0-9, „.“, „_“ und - mit „/“ zwischen den Teilen</translation>
    </message>
    <message>
        <source>no branch may contain &apos;%1&apos;; only * and ? have a meaning</source>
        <translation>kein Branch darf „%1“ enthalten; nur * und ? haben eine Bedeutung</translation>
    </message>
    <message>
        <source>a branch has no empty part between &apos;/&apos;</source>
        <translation>ein Branch hat keinen leeren Teil zwischen „/“</translation>
    </message>
    <message>
        <source>git allows no such branch (git check-ref-format)</source>
        <translation>git erlaubt keinen solchen Branch (git check-ref-format)</translation>
    </message>
    <message>
        <source>expected the branch&apos;s name without refs/heads/</source>
        <translation>erwartet wird der Name des Branches ohne refs/heads/</translation>
    </message>
    <message>
        <source>%1: expected * or numbers from %2 to %3 with , - and /, got &quot;%4&quot;</source>
        <translation>%1: erwartet werden * oder Zahlen von %2 bis %3 mit , - und /, da steht „%4“</translation>
    </message>
    <message>
        <source>expected five fields (minute hour day month weekday) or @daily and its like, got &quot;%1&quot;</source>
        <translation>erwartet werden fünf Felder (Minute Stunde Tag Monat Wochentag) oder @daily und dergleichen, da steht „%1“</translation>
    </message>
    <message>
        <source>minute</source>
        <translation>Minute</translation>
    </message>
    <message>
        <source>hour</source>
        <translation>Stunde</translation>
    </message>
    <message>
        <source>day of month</source>
        <translation>Tag des Monats</translation>
    </message>
    <message>
        <source>month</source>
        <translation>Monat</translation>
    </message>
    <message>
        <source>day of week</source>
        <translation>Wochentag</translation>
    </message>
</context>
<context>
    <name>SignInDialog</name>
    <message>
        <source>Open &amp;browser</source>
        <translation>&amp;Browser öffnen</translation>
    </message>
    <message>
        <source>Use a &amp;code on another device</source>
        <translation>&amp;Code auf einem anderen Gerät benutzen</translation>
    </message>
    <message>
        <source>Your browser shows the provider&apos;s page. Sign in there; this dialog goes on by itself.</source>
        <translation>Ihr Browser zeigt die Seite des Anbieters. Melden Sie sich dort an; dieser Dialog macht von selbst weiter.</translation>
    </message>
    <message>
        <source>Copy &amp;link</source>
        <translation>&amp;Link kopieren</translation>
    </message>
    <message>
        <source>C&amp;opy code</source>
        <translation>Code &amp;kopieren</translation>
    </message>
    <message>
        <source>Open the page &amp;here</source>
        <translation>Seite &amp;hier öffnen</translation>
    </message>
    <message>
        <source>&amp;Remember the sign-in in the desktop&apos;s keychain</source>
        <translation>Anmeldung im &amp;Schlüsselbund des Desktops merken</translation>
    </message>
    <message>
        <source>Stored are the tokens, in the keychain only. Without a keychain they stay in memory and are gone when the console ends. Your password never reaches the console.</source>
        <translation>Gespeichert werden nur die Token, und nur im Schlüsselbund. Ohne Schlüsselbund bleiben sie im Arbeitsspeicher und sind weg, wenn die Konsole endet. Ihr Passwort erreicht die Konsole nie.</translation>
    </message>
</context>
<context>
    <name>Sorting</name>
    <message>
        <source>Sorted by %1, upwards</source>
        <translation>Nach %1 sortiert, aufwärts</translation>
    </message>
    <message>
        <source>Sorted by %1, downwards</source>
        <translation>Nach %1 sortiert, abwärts</translation>
    </message>
</context>
<context>
    <name>UnlockDialog</name>
    <message>
        <source>&amp;Name of the profile:</source>
        <translation>&amp;Name des Profils:</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>Queued</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Startet</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Succeeded</source>
        <translation>Erfolgreich</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Timed out</source>
        <translation>Zeit überschritten</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>Result unknown</source>
        <translation>Ergebnis unbekannt</translation>
    </message>
    <message>
        <source>Killed</source>
        <translation>Durch Signal beendet</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>Verloren</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>Verbindet</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>Catching up</source>
        <translation>Holt auf</translation>
    </message>
    <message>
        <source>Sign-in needed</source>
        <translation>Anmeldung nötig</translation>
    </message>
    <message>
        <source>Stale</source>
        <translation>Veraltet</translation>
    </message>
    <message>
        <source>Stale since %1</source>
        <translation>Veraltet seit %1</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>Offline since %1</source>
        <translation>Offline seit %1</translation>
    </message>
    <message>
        <source>exit code %1</source>
        <translation>Exit-Code %1</translation>
    </message>
    <message>
        <source>killed by signal %1</source>
        <translation>durch Signal %1 beendet</translation>
    </message>
    <message>
        <source>timed out after %1</source>
        <translation>Zeit überschritten nach %1</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>verloren</translation>
    </message>
    <message>
        <source>lost: %1</source>
        <translation>verloren: %1</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
</context>
<context>
    <name>danube::console</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Connect…</source>
        <translation>&amp;Verbinden…</translation>
    </message>
    <message>
        <source>S&amp;ign in again…</source>
        <translation>Erneut &amp;anmelden…</translation>
    </message>
    <message>
        <source>&amp;Reconnect now</source>
        <translation>Verbindung &amp;erneuern</translation>
    </message>
    <message>
        <source>&amp;Disconnect</source>
        <translation>&amp;Trennen</translation>
    </message>
    <message>
        <source>&amp;Unlock production…</source>
        <translation>&amp;Produktion entsperren…</translation>
    </message>
    <message>
        <source>&amp;Open log file…</source>
        <translation>Log&amp;datei öffnen…</translation>
    </message>
    <message>
        <source>Close &amp;tab</source>
        <translation>Tab s&amp;chließen</translation>
    </message>
    <message>
        <source>Open &amp;link from the clipboard</source>
        <translation>&amp;Link aus der Zwischenablage öffnen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederherstellen</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy with c&amp;olours</source>
        <translation>Mit &amp;Farben kopieren</translation>
    </message>
    <message>
        <source>Select &amp;all</source>
        <translation>&amp;Alles auswählen</translation>
    </message>
    <message>
        <source>&amp;Preferences</source>
        <translation>&amp;Einstellungen</translation>
    </message>
    <message>
        <source>Restore the removed &amp;view</source>
        <translation>Entfernte Ansicht &amp;zurückholen</translation>
    </message>
    <message>
        <source>&amp;Filter jobs</source>
        <translation>&amp;Jobs filtern</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Navigator</source>
        <translation>&amp;Navigator</translation>
    </message>
    <message>
        <source>&amp;Details</source>
        <translation>&amp;Details</translation>
    </message>
    <message>
        <source>&amp;Activity</source>
        <translation>&amp;Aktivität</translation>
    </message>
    <message>
        <source>Colours of the &amp;system</source>
        <translation>Farben des &amp;Systems</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>&amp;High contrast</source>
        <translation>Hoher &amp;Kontrast</translation>
    </message>
    <message>
        <source>Switch the &amp;theme</source>
        <translation>&amp;Farbschema wechseln</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>&amp;Vollbild</translation>
    </message>
    <message>
        <source>Zoom log &amp;in</source>
        <translation>Log ver&amp;größern</translation>
    </message>
    <message>
        <source>Zoom log &amp;out</source>
        <translation>Log verk&amp;leinern</translation>
    </message>
    <message>
        <source>&amp;Job</source>
        <translation>&amp;Job</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Retry</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Watch</source>
        <translation>&amp;Beobachten</translation>
    </message>
    <message>
        <source>Copy &amp;link</source>
        <translation>&amp;Link kopieren</translation>
    </message>
    <message>
        <source>&amp;Log</source>
        <translation>&amp;Log</translation>
    </message>
    <message>
        <source>&amp;Find…</source>
        <translation>&amp;Suchen…</translation>
    </message>
    <message>
        <source>&amp;Next match</source>
        <translation>&amp;Nächster Treffer</translation>
    </message>
    <message>
        <source>&amp;Previous match</source>
        <translation>&amp;Voriger Treffer</translation>
    </message>
    <message>
        <source>&amp;List the matches</source>
        <translation>&amp;Treffer auflisten</translation>
    </message>
    <message>
        <source>Next &amp;error</source>
        <translation>Nächster &amp;Fehler</translation>
    </message>
    <message>
        <source>Previous e&amp;rror</source>
        <translation>Voriger F&amp;ehler</translation>
    </message>
    <message>
        <source>&amp;Mark the line</source>
        <translation>Zeile &amp;markieren</translation>
    </message>
    <message>
        <source>Next mar&amp;k</source>
        <translation>Nächste Mar&amp;kierung</translation>
    </message>
    <message>
        <source>Previous m&amp;ark</source>
        <translation>Vorige M&amp;arkierung</translation>
    </message>
    <message>
        <source>&amp;Go to line or time…</source>
        <translation>&amp;Gehe zu Zeile oder Zeit…</translation>
    </message>
    <message>
        <source>F&amp;ollow the end</source>
        <translation>&amp;Dem Ende folgen</translation>
    </message>
    <message>
        <source>Next form of &amp;times</source>
        <translation>Form der Zeiten &amp;wechseln</translation>
    </message>
    <message>
        <source>&amp;Wrap long lines</source>
        <translation>&amp;Lange Zeilen umbrechen</translation>
    </message>
    <message>
        <source>Fol&amp;d this step</source>
        <translation>Diesen S&amp;chritt einklappen</translation>
    </message>
    <message>
        <source>Fold all &amp;but failed steps</source>
        <translation>Alle &amp;bis auf fehlgeschlagene einklappen</translation>
    </message>
    <message>
        <source>&amp;Unfold all</source>
        <translation>Alles a&amp;usklappen</translation>
    </message>
    <message>
        <source>&amp;Save the log…</source>
        <translation>Log s&amp;peichern…</translation>
    </message>
    <message>
        <source>Sa&amp;ve selected lines…</source>
        <translation>Ausgewählte Ze&amp;ilen speichern…</translation>
    </message>
    <message>
        <source>Save mat&amp;ching lines…</source>
        <translation>Zeilen mit T&amp;reffern speichern…</translation>
    </message>
    <message>
        <source>&amp;Blueprint</source>
        <translation>Blue&amp;print</translation>
    </message>
    <message>
        <source>&amp;Validate</source>
        <translation>&amp;Prüfen</translation>
    </message>
    <message>
        <source>&amp;Preview policy</source>
        <translation>Vorschau der &amp;Richtlinie</translation>
    </message>
    <message>
        <source>&amp;Test hosts</source>
        <translation>&amp;Hosts testen</translation>
    </message>
    <message>
        <source>&amp;Reload</source>
        <translation>&amp;Neu laden</translation>
    </message>
    <message>
        <source>&amp;Commit…</source>
        <translation>&amp;Committen…</translation>
    </message>
    <message>
        <source>&amp;Masters</source>
        <translation>&amp;Master</translation>
    </message>
    <message>
        <source>&amp;Add master…</source>
        <translation>Master &amp;hinzufügen…</translation>
    </message>
    <message>
        <source>&amp;Connect to it</source>
        <translation>&amp;Verbinden</translation>
    </message>
    <message>
        <source>&amp;Edit…</source>
        <translation>&amp;Bearbeiten…</translation>
    </message>
    <message>
        <source>D&amp;uplicate…</source>
        <translation>&amp;Duplizieren…</translation>
    </message>
    <message>
        <source>&amp;Remove…</source>
        <translation>&amp;Entfernen…</translation>
    </message>
    <message>
        <source>&amp;Test connection…</source>
        <translation>Verbindung &amp;testen…</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>&amp;Importieren…</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>E&amp;xportieren…</translation>
    </message>
    <message>
        <source>&amp;Window</source>
        <translation>&amp;Fenster</translation>
    </message>
    <message>
        <source>&amp;Next tab</source>
        <translation>&amp;Nächster Tab</translation>
    </message>
    <message>
        <source>&amp;Previous tab</source>
        <translation>&amp;Voriger Tab</translation>
    </message>
    <message>
        <source>Move tab to a window of its &amp;own</source>
        <translation>Tab in &amp;eigenes Fenster</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>&amp;About Danube</source>
        <translation>Ü&amp;ber Danube</translation>
    </message>
    <message>
        <source>Blueprint</source>
        <translation>Blueprint</translation>
    </message>
    <message>
        <source>Allowlist</source>
        <translation>Freigabeliste</translation>
    </message>
    <message>
        <source>Config</source>
        <translation>Konfiguration</translation>
    </message>
    <message>
        <source>Secrets</source>
        <translation>Secrets</translation>
    </message>
    <message>
        <source>Masters</source>
        <translation>Master</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Aktivität</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Loc&amp;k again</source>
        <translation>Wieder &amp;sperren</translation>
    </message>
    <message>
        <source>Fi&amp;nd anything…</source>
        <translation>Überall &amp;suchen…</translation>
    </message>
    <message>
        <source>Dar&amp;k</source>
        <translation>D&amp;unkel</translation>
    </message>
    <message>
        <source>Normal si&amp;ze</source>
        <translation>N&amp;ormale Größe</translation>
    </message>
    <message>
        <source>Open in anot&amp;her program</source>
        <translation>In anderem Pr&amp;ogramm öffnen</translation>
    </message>
    <message>
        <source>Next p&amp;ane</source>
        <translation>Nächster &amp;Bereich</translation>
    </message>
    <message>
        <source>Previous pan&amp;e</source>
        <translation>Vori&amp;ger Bereich</translation>
    </message>
    <message>
        <source>&amp;Export statistics as CSV…</source>
        <translation>Statisti&amp;k als CSV exportieren…</translation>
    </message>
    <message>
        <source>Pipelines</source>
        <translation>Pipelines</translation>
    </message>
    <message>
        <source>&amp;Download artifacts…</source>
        <translation>Artefakte &amp;herunterladen…</translation>
    </message>
    <message>
        <source>&amp;Pause download</source>
        <translation>Download &amp;pausieren</translation>
    </message>
    <message>
        <source>Res&amp;ume download</source>
        <translation>Download fort&amp;setzen</translation>
    </message>
    <message>
        <source>Ca&amp;ncel or remove download</source>
        <translation>Download abbrechen oder &amp;entfernen</translation>
    </message>
    <message>
        <source>Look &amp;inside the archive</source>
        <translation>&amp;In das Archiv sehen</translation>
    </message>
    <message>
        <source>Open download &amp;folder</source>
        <translation>Or&amp;dner des Downloads öffnen</translation>
    </message>
    <message>
        <source>Artifacts</source>
        <translation>Artefakte</translation>
    </message>
    <message>
        <source>Sort by the next &amp;column</source>
        <translation>Nach der nächsten S&amp;palte sortieren</translation>
    </message>
    <message>
        <source>Sort by the &amp;previous column</source>
        <translation>Nach der vo&amp;rigen Spalte sortieren</translation>
    </message>
    <message>
        <source>Re&amp;verse the sorting</source>
        <translation>Sortierung umk&amp;ehren</translation>
    </message>
</context>
<context>
    <name>danube::console::ActionRegistry</name>
    <message>
        <source>%1 already belongs to &quot;%2&quot; (menu %3).</source>
        <translation>%1 gehört schon zu „%2“ (Menü %3).</translation>
    </message>
</context>
<context>
    <name>danube::console::ActivityModel</name>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Master</source>
        <translation>Master</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>Was geschah</translation>
    </message>
</context>
<context>
    <name>danube::console::ActivityPage</name>
    <message>
        <source>Activity</source>
        <translation>Aktivität</translation>
    </message>
</context>
<context>
    <name>danube::console::ActivityView</name>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Warnings and problems</source>
        <translation>Warnungen und Probleme</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>What to show</source>
        <translation>Was gezeigt wird</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the selected rows, or all that are shown</source>
        <translation>Die ausgewählten Zeilen kopieren oder alle, die zu sehen sind</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Empty the list; what still runs stays</source>
        <translation>Die Liste leeren; was noch läuft, bleibt</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Aktivität</translation>
    </message>
</context>
<context>
    <name>danube::console::AllowlistEditor</name>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <source>Host or pattern to add</source>
        <translation>Host oder Muster, das dazukommt</translation>
    </message>
    <message>
        <source>Allowlist</source>
        <translation>Freigabeliste</translation>
    </message>
    <message>
        <source>%1 is in the list.</source>
        <translation>%1 steht in der Liste.</translation>
    </message>
    <message numerus="yes">
        <source>%n hosts are in the list.</source>
        <translation>
            <numerusform>%n Host steht in der Liste.</numerusform>
            <numerusform>%n Hosts stehen in der Liste.</numerusform>
        </translation>
    </message>
    <message>
        <source>The list is empty: jobs reach nothing but DNS and the master.</source>
        <translation>Die Liste ist leer: Jobs erreichen nur DNS und den Master.</translation>
    </message>
    <message>
        <source>Select an entry to see what it lets through.</source>
        <translation>Wählen Sie einen Eintrag, um zu sehen, was er durchlässt.</translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n Eintrag</numerusform>
            <numerusform>%n Einträge</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n errors</source>
        <translation>
            <numerusform>%n Fehler</numerusform>
            <numerusform>%n Fehler</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warnings</source>
        <translation>
            <numerusform>%n Warnung</numerusform>
            <numerusform>%n Warnungen</numerusform>
        </translation>
    </message>
    <message>
        <source>Add a host or pattern: *.cdn.example.com</source>
        <translation>Host oder Muster hinzufügen: *.cdn.example.com</translation>
    </message>
    <message>
        <source>Such as packages.example.org, *.cdn.example.com or git.example.org:22</source>
        <translation>Etwa packages.example.org, *.cdn.example.com oder git.example.org:22</translation>
    </message>
</context>
<context>
    <name>danube::console::AllowlistModel</name>
    <message>
        <source>There is no list to add to.</source>
        <translation>Es gibt keine Liste, in die etwas kommen könnte.</translation>
    </message>
    <message>
        <source>Add %1</source>
        <translation>%1 hinzufügen</translation>
    </message>
    <message numerus="yes">
        <source>Add %n hosts</source>
        <translation>
            <numerusform>%n Host hinzufügen</numerusform>
            <numerusform>%n Hosts hinzufügen</numerusform>
        </translation>
    </message>
    <message>
        <source>No entry is selected.</source>
        <translation>Kein Eintrag ist ausgewählt.</translation>
    </message>
    <message numerus="yes">
        <source>Remove %n hosts</source>
        <translation>
            <numerusform>%n Host entfernen</numerusform>
            <numerusform>%n Hosts entfernen</numerusform>
        </translation>
    </message>
    <message>
        <source>There is no such entry.</source>
        <translation>Diesen Eintrag gibt es nicht.</translation>
    </message>
    <message>
        <source>Change %1</source>
        <translation>%1 ändern</translation>
    </message>
    <message>
        <source>There is no list to sort.</source>
        <translation>Es gibt keine Liste zum Sortieren.</translation>
    </message>
    <message>
        <source>Sort the allowlist</source>
        <translation>Freigabeliste sortieren</translation>
    </message>
    <message>
        <source>Nobody but the author can know what was meant.</source>
        <translation>Was gemeint war, weiß nur, wer es schrieb.</translation>
    </message>
    <message>
        <source>Mend %1</source>
        <translation>%1 berichtigen</translation>
    </message>
    <message numerus="yes">
        <source>%n jobs</source>
        <translation>
            <numerusform>%n Job</numerusform>
            <numerusform>%n Jobs</numerusform>
        </translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>niemand</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>This master does not record which jobs used an entry.</source>
        <translation>Dieser Master hält nicht fest, welche Jobs einen Eintrag benutzten.</translation>
    </message>
    <message>
        <source>lets through: %1</source>
        <translation>lässt durch: %1</translation>
    </message>
    <message>
        <source>does not: %1</source>
        <translation>lässt nicht durch: %1</translation>
    </message>
    <message>
        <source>Pattern</source>
        <translation>Muster</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Lets through</source>
        <translation>Lässt durch</translation>
    </message>
    <message>
        <source>Used by</source>
        <translation>Benutzt von</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>Zuletzt gesehen</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>Befund</translation>
    </message>
</context>
<context>
    <name>danube::console::AllowlistPage</name>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add a host or pattern</source>
        <translation>Einen Host oder ein Muster hinzufügen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove the selected entries</source>
        <translation>Die ausgewählten Einträge entfernen</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Edit the selected entry</source>
        <translation>Den ausgewählten Eintrag bearbeiten</translation>
    </message>
    <message>
        <source>Sort</source>
        <translation>Sortieren</translation>
    </message>
    <message>
        <source>Sort the list by name</source>
        <translation>Die Liste nach Namen sortieren</translation>
    </message>
    <message>
        <source>Find duplicates</source>
        <translation>Doppelte finden</translation>
    </message>
    <message>
        <source>Select entries that are there twice or allowed by another one</source>
        <translation>Einträge auswählen, die doppelt oder durch einen anderen erlaubt sind</translation>
    </message>
    <message>
        <source>Import from job…</source>
        <translation>Aus Job übernehmen…</translation>
    </message>
    <message>
        <source>Add what a job was refused</source>
        <translation>Hinzufügen, was einem Job abgelehnt wurde</translation>
    </message>
    <message>
        <source>List</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>&amp;Hosts for</source>
        <translation>H&amp;osts für</translation>
    </message>
    <message>
        <source>&amp;Test hosts</source>
        <translation>Hosts &amp;testen</translation>
    </message>
    <message>
        <source>&amp;Policy preview</source>
        <translation>Vorschau der &amp;Richtlinie</translation>
    </message>
    <message>
        <source>&amp;Denied</source>
        <translation>A&amp;bgelehnt</translation>
    </message>
    <message>
        <source>What your edit would have changed for past jobs is not known: %1</source>
        <translation>Was Ihre Änderung für vergangene Jobs geändert hätte, ist nicht bekannt: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n job runs of the last 30 days that were refused something would change verdict. What jobs were allowed is not recorded.</source>
        <translation>
            <numerusform>Für %n Joblauf der letzten 30 Tage, dem etwas abgelehnt wurde, fiele die Entscheidung anders aus. Was Jobs erlaubt wurde, ist nicht festgehalten.</numerusform>
            <numerusform>Für %n Jobläufe der letzten 30 Tage, denen etwas abgelehnt wurde, fiele die Entscheidung anders aus. Was Jobs erlaubt wurde, ist nicht festgehalten.</numerusform>
        </translation>
    </message>
    <message>
        <source>The configuration is not loaded.</source>
        <translation>Die Konfiguration ist nicht geladen.</translation>
    </message>
    <message>
        <source>the configuration is not loaded</source>
        <translation>die Konfiguration ist nicht geladen</translation>
    </message>
    <message>
        <source>the text of the file is no JSON</source>
        <translation>der Text der Datei ist kein JSON</translation>
    </message>
    <message>
        <source>no entry is selected</source>
        <translation>kein Eintrag ist ausgewählt</translation>
    </message>
    <message>
        <source>select one entry</source>
        <translation>wählen Sie einen Eintrag</translation>
    </message>
    <message>
        <source>it is sorted</source>
        <translation>sie ist sortiert</translation>
    </message>
    <message>
        <source>there are none</source>
        <translation>es gibt keine</translation>
    </message>
    <message numerus="yes">
        <source>%n entries allow nothing of their own; Remove takes them out.</source>
        <translation>
            <numerusform>%n Eintrag erlaubt nichts Eigenes; „Entfernen“ nimmt ihn heraus.</numerusform>
            <numerusform>%n Einträge erlauben nichts Eigenes; „Entfernen“ nimmt sie heraus.</numerusform>
        </translation>
    </message>
    <message>
        <source>Allowlist</source>
        <translation>Freigabeliste</translation>
    </message>
</context>
<context>
    <name>danube::console::ArchiveDialog</name>
    <message>
        <source>Looking inside…</source>
        <translation>Sehe hinein…</translation>
    </message>
    <message>
        <source>This file is not text.</source>
        <translation>Diese Datei ist kein Text.</translation>
    </message>
    <message>
        <source>Inside %1</source>
        <translation>Inhalt von %1</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Content of the archive</source>
        <translation>Inhalt des Archivs</translation>
    </message>
    <message>
        <source>Select a file to see how it begins.</source>
        <translation>Eine Datei wählen, um ihren Anfang zu sehen.</translation>
    </message>
    <message>
        <source>Beginning of the file</source>
        <translation>Anfang der Datei</translation>
    </message>
    <message>
        <source>Border between list and text</source>
        <translation>Grenze zwischen Liste und Text</translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n Eintrag</numerusform>
            <numerusform>%n Einträge</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, and more that are not shown</source>
        <translation>%1 und weitere, die nicht gezeigt werden</translation>
    </message>
    <message numerus="yes">
        <source>%n entries lead out of the archive: whoever unpacks it may overwrite other files.</source>
        <translation>
            <numerusform>%n Eintrag führt aus dem Archiv hinaus: Wer es auspackt, überschreibt vielleicht andere Dateien.</numerusform>
            <numerusform>%n Einträge führen aus dem Archiv hinaus: Wer es auspackt, überschreibt vielleicht andere Dateien.</numerusform>
        </translation>
    </message>
    <message>
        <source>Leads out of the archive</source>
        <translation>Führt aus dem Archiv hinaus</translation>
    </message>
</context>
<context>
    <name>danube::console::ArtifactSession</name>
    <message>
        <source>List artifacts: %1</source>
        <translation>Artefakte auflisten: %1</translation>
    </message>
</context>
<context>
    <name>danube::console::ArtifactsModel</name>
    <message>
        <source>Archive</source>
        <translation>Archiv</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Package</source>
        <translation>Paket</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Pipeline</source>
        <translation>Pipeline</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Job</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>Entstanden</translation>
    </message>
    <message>
        <source>Digest</source>
        <translation>Prüfsumme</translation>
    </message>
</context>
<context>
    <name>danube::console::ArtifactsPage</name>
    <message>
        <source>&amp;Reload</source>
        <translation>&amp;Neu laden</translation>
    </message>
    <message>
        <source>Filter by name, type, pipeline, job or digest</source>
        <translation>Nach Name, Art, Pipeline, Job oder Prüfsumme filtern</translation>
    </message>
    <message>
        <source>Filter artifacts</source>
        <translation>Artefakte filtern</translation>
    </message>
    <message>
        <source>Border between artifacts and downloads</source>
        <translation>Grenze zwischen Artefakten und Downloads</translation>
    </message>
    <message>
        <source>%1 is there, its digest is right.</source>
        <translation>%1 ist da, die Prüfsumme stimmt.</translation>
    </message>
    <message numerus="yes">
        <source>Asking about %n jobs…</source>
        <translation>
            <numerusform>Frage nach %n Job…</numerusform>
            <numerusform>Frage nach %n Jobs…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>of the latest %n jobs</source>
        <translation>
            <numerusform>vom letzten %n Job</numerusform>
            <numerusform>der letzten %n Jobs</numerusform>
        </translation>
    </message>
    <message>
        <source>No artifact matches the filter.</source>
        <translation>Kein Artefakt passt zum Filter.</translation>
    </message>
    <message>
        <source>Asking the master…</source>
        <translation>Der Master wird gefragt…</translation>
    </message>
    <message>
        <source>The latest jobs have left no artifacts.</source>
        <translation>Die letzten Jobs haben keine Artefakte hinterlassen.</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n artifacts</source>
        <translation>
            <numerusform>%1 von %n Artefakt</numerusform>
            <numerusform>%1 von %n Artefakten</numerusform>
        </translation>
    </message>
    <message>
        <source>Artifact</source>
        <translation>Artefakt</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>%1 (%2 bytes)</source>
        <translation>%1 (%2 Bytes)</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Job</translation>
    </message>
    <message>
        <source>Artifacts</source>
        <translation>Artefakte</translation>
    </message>
    <message>
        <source>the newest, as there are too many</source>
        <translation>die neuesten, da es zu viele sind</translation>
    </message>
</context>
<context>
    <name>danube::console::ArtifactsView</name>
    <message>
        <source>Artifacts</source>
        <translation>Artefakte</translation>
    </message>
    <message>
        <source>Download…</source>
        <translation>Herunterladen…</translation>
    </message>
    <message>
        <source>Copy name and digest</source>
        <translation>Name und Prüfsumme kopieren</translation>
    </message>
    <message>
        <source>Download to</source>
        <translation>Herunterladen nach</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Download</translation>
    </message>
    <message numerus="yes">
        <source>Downloading %n artifacts.</source>
        <translation>
            <numerusform>%n Artefakt wird heruntergeladen.</numerusform>
            <numerusform>%n Artefakte werden heruntergeladen.</numerusform>
        </translation>
    </message>
    <message>
        <source>no artifact is selected</source>
        <translation>kein Artefakt ist ausgewählt</translation>
    </message>
    <message>
        <source>&amp;Download…</source>
        <translation>&amp;Herunterladen…</translation>
    </message>
    <message>
        <source>Select an artifact first.</source>
        <translation>Wählen Sie erst ein Artefakt.</translation>
    </message>
</context>
<context>
    <name>danube::console::BatchDialog</name>
    <message>
        <source>will be cancelled</source>
        <translation>wird abgebrochen</translation>
    </message>
    <message>
        <source>will run again</source>
        <translation>läuft erneut</translation>
    </message>
    <message>
        <source>skipped: %1</source>
        <translation>übersprungen: %1</translation>
    </message>
    <message>
        <source>under way</source>
        <translation>unterwegs</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>gesendet</translation>
    </message>
    <message>
        <source>refused: %1</source>
        <translation>abgelehnt: %1</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Job</translation>
    </message>
    <message>
        <source>Pipeline</source>
        <translation>Pipeline</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>What happens</source>
        <translation>Was geschieht</translation>
    </message>
    <message>
        <source>Cancel jobs</source>
        <translation>Jobs abbrechen</translation>
    </message>
    <message>
        <source>Retry jobs</source>
        <translation>Jobs wiederholen</translation>
    </message>
    <message numerus="yes">
        <source>Cancel %n jobs? The master stops their steps; that cannot be undone.</source>
        <translation>
            <numerusform>%n Job abbrechen? Der Master hält seine Schritte an; das lässt sich nicht rückgängig machen.</numerusform>
            <numerusform>%n Jobs abbrechen? Der Master hält ihre Schritte an; das lässt sich nicht rückgängig machen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Retry %n jobs? Each runs again as a new job, with the same parameters.</source>
        <translation>
            <numerusform>%n Job wiederholen? Er läuft als neuer Job mit denselben Parametern.</numerusform>
            <numerusform>%n Jobs wiederholen? Jeder läuft als neuer Job mit denselben Parametern.</numerusform>
        </translation>
    </message>
    <message>
        <source>Jobs and what happens to them</source>
        <translation>Jobs und was mit ihnen geschieht</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Cancel %n jobs</source>
        <translation>
            <numerusform>%n Job &amp;abbrechen</numerusform>
            <numerusform>%n Jobs &amp;abbrechen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&amp;Retry %n jobs</source>
        <translation>
            <numerusform>%n Job &amp;wiederholen</numerusform>
            <numerusform>%n Jobs &amp;wiederholen</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Keep them running</source>
        <translation>Weiter&amp;laufen lassen</translation>
    </message>
    <message>
        <source>&amp;Do nothing</source>
        <translation>&amp;Nichts tun</translation>
    </message>
    <message>
        <source>None of these jobs is concerned.</source>
        <translation>Keiner dieser Jobs ist betroffen.</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>S&amp;chließen</translation>
    </message>
</context>
<context>
    <name>danube::console::BlueprintBar</name>
    <message>
        <source>&amp;Commit…</source>
        <translation>&amp;Committen…</translation>
    </message>
    <message>
        <source>Blueprint actions</source>
        <translation>Blueprint-Aktionen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Reload</source>
        <translation>Neu laden</translation>
    </message>
    <message>
        <source>nothing was edited</source>
        <translation>nichts wurde geändert</translation>
    </message>
    <message>
        <source>nothing was undone</source>
        <translation>nichts wurde rückgängig gemacht</translation>
    </message>
    <message>
        <source>Undo: %1</source>
        <translation>Rückgängig: %1</translation>
    </message>
    <message>
        <source>Redo: %1</source>
        <translation>Wiederherstellen: %1</translation>
    </message>
    <message>
        <source>commit or undo your edits first</source>
        <translation>committen Sie Ihre Änderungen oder machen Sie sie rückgängig</translation>
    </message>
    <message>
        <source>it is being loaded</source>
        <translation>sie wird geladen</translation>
    </message>
    <message>
        <source>edited · %1 at %2</source>
        <translation>geändert · %1 bei %2</translation>
    </message>
    <message>
        <source>%1 at %2</source>
        <translation>%1 bei %2</translation>
    </message>
    <message>
        <source>Review the edits and commit them</source>
        <translation>Die Änderungen durchsehen und committen</translation>
    </message>
    <message>
        <source>the configuration is not loaded</source>
        <translation>die Konfiguration ist nicht geladen</translation>
    </message>
    <message>
        <source>edits of %1</source>
        <translation>Änderungen an %1</translation>
    </message>
    <message>
        <source>The branch has moved to %1. Your edits stay; committing will merge them.</source>
        <translation>Der Branch steht jetzt auf %1. Ihre Änderungen bleiben; beim Committen werden sie zusammengeführt.</translation>
    </message>
</context>
<context>
    <name>danube::console::BlueprintSession</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>und %n weitere</numerusform>
            <numerusform>und %n weitere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::BlueprintWorkspace</name>
    <message>
        <source>Merge with the branch</source>
        <translation>Mit dem Branch zusammenführen</translation>
    </message>
</context>
<context>
    <name>danube::console::BottomTabs</name>
    <message>
        <source>More about this log</source>
        <translation>Mehr zu diesem Log</translation>
    </message>
</context>
<context>
    <name>danube::console::CloseQuestion</name>
    <message>
        <source>Close Danube</source>
        <translation>Danube schließen</translation>
    </message>
    <message>
        <source>Something is still under way.</source>
        <translation>Etwas ist noch unterwegs.</translation>
    </message>
    <message>
        <source>Lost when you close:
• %1</source>
        <translation>Beim Schließen geht verloren:
• %1</translation>
    </message>
    <message>
        <source>Stopped when you close:
• %1</source>
        <translation>Beim Schließen hält an:
• %1</translation>
    </message>
    <message>
        <source>&amp;Close anyway</source>
        <translation>Trotzdem &amp;schließen</translation>
    </message>
    <message>
        <source>Something here is not saved.</source>
        <translation>Etwas hier ist nicht gespeichert.</translation>
    </message>
    <message>
        <source>Something here is not saved, and something is still under way.</source>
        <translation>Etwas hier ist nicht gespeichert, und etwas ist noch unterwegs.</translation>
    </message>
</context>
<context>
    <name>danube::console::CommitDialog</name>
    <message>
        <source>What changes, line by line</source>
        <translation>Was sich ändert, Zeile für Zeile</translation>
    </message>
    <message>
        <source>Commit to %1</source>
        <translation>Commit auf %1</translation>
    </message>
    <message>
        <source>&amp;Commit</source>
        <translation>&amp;Committen</translation>
    </message>
    <message>
        <source>Commit message</source>
        <translation>Commit-Nachricht</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>&amp;Message: say why, the first line in short</source>
        <translation>&amp;Nachricht: Nennen Sie den Grund, kurz in der ersten Zeile</translation>
    </message>
    <message>
        <source>The master plans:</source>
        <translation>Der Master plant:</translation>
    </message>
    <message>
        <source>Branch %1 of %2, on top of %3. The author is whom %4 knows you as.</source>
        <translation>Branch %1 von %2, auf %3 aufbauend. Autor ist, als wen %4 Sie kennt.</translation>
    </message>
    <message>
        <source>Nothing about it looks risky.</source>
        <translation>Nichts daran sieht riskant aus.</translation>
    </message>
    <message>
        <source>Writes the commit; it can only be undone by another one</source>
        <translation>Schreibt den Commit; nur ein weiterer macht ihn rückgängig</translation>
    </message>
    <message>
        <source>Close; it goes on</source>
        <translation>Schließen; es geht weiter</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>danube::console::CommitProgress</name>
    <message>
        <source>The commit does not hold.</source>
        <translation>Der Commit gilt nicht.</translation>
    </message>
    <message>
        <source>The commit holds.</source>
        <translation>Der Commit gilt.</translation>
    </message>
    <message>
        <source>The commit is on its way.</source>
        <translation>Der Commit ist unterwegs.</translation>
    </message>
</context>
<context>
    <name>danube::console::CommitRun</name>
    <message>
        <source>The master&apos;s answer names no commit.</source>
        <translation>Die Antwort des Masters nennt keinen Commit.</translation>
    </message>
    <message>
        <source>The branch has moved to %1.</source>
        <translation>Der Branch steht jetzt auf %1.</translation>
    </message>
    <message>
        <source>Nothing happened within two minutes.</source>
        <translation>Zwei Minuten lang geschah nichts.</translation>
    </message>
    <message>
        <source>The master works with it.</source>
        <translation>Der Master arbeitet damit.</translation>
    </message>
    <message>
        <source>This master applies no policies.</source>
        <translation>Dieser Master wendet keine Richtlinien an.</translation>
    </message>
    <message>
        <source>The policies are still those of %1.</source>
        <translation>Die Richtlinien sind noch die von %1.</translation>
    </message>
    <message numerus="yes">
        <source>%n policies</source>
        <translation>
            <numerusform>%n Richtlinie</numerusform>
            <numerusform>%n Richtlinien</numerusform>
        </translation>
    </message>
    <message>
        <source>The network plugin accepts all of them.</source>
        <translation>Das Netzwerk-Plugin nimmt alle an.</translation>
    </message>
    <message>
        <source>Committed</source>
        <translation>Committet</translation>
    </message>
    <message>
        <source>In force</source>
        <translation>In Kraft</translation>
    </message>
    <message>
        <source>Policy applied</source>
        <translation>Richtlinie angewendet</translation>
    </message>
    <message>
        <source>Valid</source>
        <translation>Gültig</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>at work</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>not needed</source>
        <translation>nicht nötig</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
</context>
<context>
    <name>danube::console::ConfigForm</name>
    <message>
        <source>Not set; edit as text</source>
        <translation>Nicht gesetzt; als Text bearbeiten</translation>
    </message>
    <message>
        <source>Show in the text</source>
        <translation>Im Text zeigen</translation>
    </message>
    <message>
        <source>(not set)</source>
        <translation>(nicht gesetzt)</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>nicht gesetzt</translation>
    </message>
    <message>
        <source>one a line</source>
        <translation>einer je Zeile</translation>
    </message>
    <message>
        <source>The text is no JSON, so the form waits: line %1, column %2: %3</source>
        <translation>Der Text ist kein JSON, darum wartet das Formular: Zeile %1, Spalte %2: %3</translation>
    </message>
    <message>
        <source>This file holds several documents, or of no known kind: edit its text.</source>
        <translation>Diese Datei enthält mehrere Dokumente oder eines unbekannter Art: Bearbeiten Sie den Text.</translation>
    </message>
    <message>
        <source>Kept, though no schema knows them:</source>
        <translation>Bleiben erhalten, obwohl kein Schema sie kennt:</translation>
    </message>
</context>
<context>
    <name>danube::console::ConfigPage</name>
    <message>
        <source>Form</source>
        <translation>Formular</translation>
    </message>
    <message>
        <source>Show or hide the form</source>
        <translation>Formular zeigen oder ausblenden</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Show or hide the text</source>
        <translation>Text zeigen oder ausblenden</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>Config</source>
        <translation>Konfiguration</translation>
    </message>
</context>
<context>
    <name>danube::console::ConnectDialog</name>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>&amp;Connect</source>
        <translation>&amp;Verbinden</translation>
    </message>
    <message>
        <source>Read the token from a file</source>
        <translation>Das Token aus einer Datei lesen</translation>
    </message>
    <message>
        <source>Read %1: %2</source>
        <translation>%1 lesen: %2</translation>
    </message>
</context>
<context>
    <name>danube::console::ConnectionTest</name>
    <message>
        <source>No answer in time.</source>
        <translation>Keine Antwort in der Zeit.</translation>
    </message>
    <message>
        <source>The master says &quot;%1&quot;, version %2.</source>
        <translation>Der Master sagt „%1“, Version %2.</translation>
    </message>
    <message>
        <source>API of version %1.</source>
        <translation>API in Version %1.</translation>
    </message>
    <message>
        <source>%1 has no address: %2</source>
        <translation>%1 hat keine Adresse: %2</translation>
    </message>
    <message>
        <source>%1 is %2.</source>
        <translation>%1 ist %2.</translation>
    </message>
    <message>
        <source>Not used: the address is http.</source>
        <translation>Nicht benutzt: Die Adresse ist http.</translation>
    </message>
    <message>
        <source>%1, certificate for %2.</source>
        <translation>%1, Zertifikat für %2.</translation>
    </message>
    <message>
        <source>Not used: this profile signs in with a token.</source>
        <translation>Nicht benutzt: Dieses Profil meldet sich mit einem Token an.</translation>
    </message>
    <message>
        <source>Sign-in by browser.</source>
        <translation>Anmeldung im Browser.</translation>
    </message>
    <message>
        <source>Sign-in by browser or code.</source>
        <translation>Anmeldung im Browser oder mit Code.</translation>
    </message>
    <message>
        <source>There is no token yet: sign in first.</source>
        <translation>Es gibt noch kein Token: Melden Sie sich erst an.</translation>
    </message>
    <message>
        <source>The master takes the token.</source>
        <translation>Der Master nimmt das Token an.</translation>
    </message>
    <message>
        <source>The event stream is open and was heard.</source>
        <translation>Der Ereignisstrom ist offen und war zu hören.</translation>
    </message>
    <message>
        <source>The master closed the stream.</source>
        <translation>Der Master hat den Strom geschlossen.</translation>
    </message>
    <message>
        <source>Not tried.</source>
        <translation>Nicht versucht.</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>TLS</source>
        <translation>TLS</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Issuer</source>
        <translation>Aussteller</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>API version</source>
        <translation>API-Version</translation>
    </message>
    <message>
        <source>Event stream</source>
        <translation>Ereignisstrom</translation>
    </message>
</context>
<context>
    <name>danube::console::ConnectionTestDialog</name>
    <message>
        <source>Test connection to %1</source>
        <translation>Verbindung zu %1 testen</translation>
    </message>
    <message>
        <source>Steps of the test</source>
        <translation>Schritte des Tests</translation>
    </message>
    <message>
        <source>C&amp;opy</source>
        <translation>&amp;Kopieren</translation>
    </message>
</context>
<context>
    <name>danube::console::Credentials</name>
    <message>
        <source>The sign-in was renewed.</source>
        <translation>Die Anmeldung wurde erneuert.</translation>
    </message>
    <message>
        <source>The sign-in could not be renewed: %1</source>
        <translation>Die Anmeldung ließ sich nicht erneuern: %1</translation>
    </message>
    <message>
        <source>The token is kept in memory only, as chosen at sign-in.</source>
        <translation>Das Token bleibt nur im Arbeitsspeicher, wie bei der Anmeldung gewählt.</translation>
    </message>
    <message>
        <source>The token is not remembered: %1</source>
        <translation>Das Token wird nicht gemerkt: %1</translation>
    </message>
    <message>
        <source>The keychain holds no token for %1.</source>
        <translation>Der Schlüsselbund hat kein Token für %1.</translation>
    </message>
    <message>
        <source>Token in the keychain</source>
        <translation>Token im Schlüsselbund</translation>
    </message>
    <message>
        <source>Token not remembered</source>
        <translation>Token nicht gemerkt</translation>
    </message>
</context>
<context>
    <name>danube::console::DeniedModel</name>
    <message>
        <source>DNS</source>
        <translation>DNS</translation>
    </message>
    <message>
        <source>allowed by the edited list</source>
        <translation>von der geänderten Liste erlaubt</translation>
    </message>
    <message>
        <source>would be refused</source>
        <translation>würde abgelehnt</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Host</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Jobs</translation>
    </message>
    <message>
        <source>Flows</source>
        <translation>Verbindungen</translation>
    </message>
    <message>
        <source>Pipelines</source>
        <translation>Pipelines</translation>
    </message>
    <message>
        <source>Last</source>
        <translation>Zuletzt</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
</context>
<context>
    <name>danube::console::DeniedPane</name>
    <message>
        <source>Add e&amp;xact</source>
        <translation>&amp;Genau hinzufügen</translation>
    </message>
    <message>
        <source>Add &amp;wildcard…</source>
        <translation>&amp;Platzhalter hinzufügen…</translation>
    </message>
    <message>
        <source>Refused places</source>
        <translation>Abgelehnte Ziele</translation>
    </message>
    <message>
        <source>What was refused is not known: %1</source>
        <translation>Was abgelehnt wurde, ist nicht bekannt: %1</translation>
    </message>
    <message numerus="yes">
        <source>Refused to jobs of the last 30 days: %n places</source>
        <translation>
            <numerusform>Jobs der letzten 30 Tage abgelehnt: %n Ziel</numerusform>
            <numerusform>Jobs der letzten 30 Tage abgelehnt: %n Ziele</numerusform>
        </translation>
    </message>
    <message>
        <source>Adds the narrowest entry that lets it through</source>
        <translation>Fügt den engsten Eintrag hinzu, der es durchlässt</translation>
    </message>
    <message>
        <source>Select what was refused</source>
        <translation>Wählen Sie, was abgelehnt wurde</translation>
    </message>
    <message>
        <source>Shows what else it opens before it is added</source>
        <translation>Zeigt vor dem Hinzufügen, was er sonst noch öffnet</translation>
    </message>
    <message>
        <source>Select one place</source>
        <translation>Wählen Sie ein Ziel</translation>
    </message>
    <message>
        <source>No wildcard can be written for it</source>
        <translation>Dafür lässt sich kein Platzhalter schreiben</translation>
    </message>
    <message>
        <source>No job that this list holds for was refused anything in the last 30 days.</source>
        <translation>Keinem Job, für den diese Liste gilt, wurde in den letzten 30 Tagen etwas verwehrt.</translation>
    </message>
</context>
<context>
    <name>danube::console::DetailsView</name>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Nothing is selected.</source>
        <translation>Nichts ist ausgewählt.</translation>
    </message>
</context>
<context>
    <name>danube::console::DownloadActivity</name>
    <message>
        <source>Download of %1 was cancelled.</source>
        <translation>Der Download von %1 wurde abgebrochen.</translation>
    </message>
    <message>
        <source>Download of %1 was stopped.</source>
        <translation>Der Download von %1 wurde angehalten.</translation>
    </message>
    <message>
        <source>Download of %1</source>
        <translation>Download von %1</translation>
    </message>
    <message>
        <source>%1 is downloaded, its digest is right.</source>
        <translation>%1 ist heruntergeladen, die Prüfsumme stimmt.</translation>
    </message>
</context>
<context>
    <name>danube::console::DownloadQueue</name>
    <message>
        <source>The master gives an artifact a name that no file can have.</source>
        <translation>Der Master nennt ein Artefakt, wie keine Datei heißen kann.</translation>
    </message>
    <message>
        <source>%1 is there already.</source>
        <translation>%1 ist schon da.</translation>
    </message>
    <message numerus="yes">
        <source>The list holds %n downloads; remove some first.</source>
        <translation>
            <numerusform>Die Liste hat %n Download; zuerst welche entfernen.</numerusform>
            <numerusform>Die Liste hat %n Downloads; zuerst welche entfernen.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::DownloadsModel</name>
    <message>
        <source>%1 of %2, %3 %</source>
        <translation>%1 von %2, %3 %</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>pausiert</translation>
    </message>
    <message>
        <source>done, digest checked</source>
        <translation>fertig, Prüfsumme stimmt</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Download</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
</context>
<context>
    <name>danube::console::DownloadsPane</name>
    <message>
        <source>Downloads</source>
        <translation>Downloads</translation>
    </message>
    <message>
        <source>Nothing is downloaded. Select artifacts above and choose Download.</source>
        <translation>Es wird nichts heruntergeladen. Oben Artefakte auswählen, dann Herunterladen.</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pausieren</translation>
    </message>
    <message>
        <source>Res&amp;ume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Cancel or remove</source>
        <translation>&amp;Abbrechen oder entfernen</translation>
    </message>
    <message>
        <source>Look &amp;inside</source>
        <translation>Hine&amp;insehen</translation>
    </message>
    <message>
        <source>&amp;Open folder</source>
        <translation>&amp;Ordner öffnen</translation>
    </message>
    <message>
        <source>no download is selected</source>
        <translation>kein Download ist ausgewählt</translation>
    </message>
    <message>
        <source>nothing that is selected runs</source>
        <translation>nichts Ausgewähltes läuft</translation>
    </message>
    <message>
        <source>nothing that is selected is paused or failed</source>
        <translation>nichts Ausgewähltes ist pausiert oder fehlgeschlagen</translation>
    </message>
    <message>
        <source>select one download</source>
        <translation>einen Download auswählen</translation>
    </message>
    <message>
        <source>select an archive that is downloaded</source>
        <translation>ein heruntergeladenes Archiv auswählen</translation>
    </message>
</context>
<context>
    <name>danube::console::DurationChart</name>
    <message>
        <source>Durations and results of the last jobs</source>
        <translation>Dauern und Ergebnisse der letzten Jobs</translation>
    </message>
    <message>
        <source>No job has run to its end.</source>
        <translation>Kein Job lief bis zum Ende.</translation>
    </message>
    <message>
        <source>Half of the jobs ran at most %1, 90 % at most %2.</source>
        <translation>Die Hälfte der Jobs lief höchstens %1, 90 % höchstens %2.</translation>
    </message>
    <message>
        <source>No job has ended in this time.</source>
        <translation>In dieser Zeit endete kein Job.</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p90</source>
        <translation>p90</translation>
    </message>
    <message>
        <source>never started</source>
        <translation>nie gestartet</translation>
    </message>
</context>
<context>
    <name>danube::console::EgressSession</name>
    <message>
        <source>Only the first %1 pipelines were looked at.</source>
        <translation>Nur die ersten %1 Pipelines wurden angesehen.</translation>
    </message>
    <message>
        <source>Only the first %1 refusals were looked at.</source>
        <translation>Nur die ersten %1 Verweigerungen wurden angesehen.</translation>
    </message>
</context>
<context>
    <name>danube::console::EntryDetails</name>
    <message>
        <source>Lets through</source>
        <translation>Lässt durch</translation>
    </message>
    <message>
        <source>Does not</source>
        <translation>Lässt nicht durch</translation>
    </message>
    <message>
        <source>(empty)</source>
        <translation>(leer)</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>Remove it</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Write %1</source>
        <translation>%1 schreiben</translation>
    </message>
</context>
<context>
    <name>danube::console::FilterLine</name>
    <message>
        <source>Offered filters</source>
        <translation>Angebotene Filter</translation>
    </message>
</context>
<context>
    <name>danube::console::FindBar</name>
    <message>
        <source>Find:</source>
        <translation>Suchen:</translation>
    </message>
    <message>
        <source>Text or expression</source>
        <translation>Text oder Ausdruck</translation>
    </message>
    <message>
        <source>Match letter case</source>
        <translation>Groß- und Kleinschreibung beachten</translation>
    </message>
    <message>
        <source>Whole words only</source>
        <translation>Nur ganze Wörter</translation>
    </message>
    <message>
        <source>Regular expression</source>
        <translation>Regulärer Ausdruck</translation>
    </message>
    <message>
        <source>Previous match</source>
        <translation>Voriger Treffer</translation>
    </message>
    <message>
        <source>Next match</source>
        <translation>Nächster Treffer</translation>
    </message>
    <message>
        <source>List the matches</source>
        <translation>Treffer auflisten</translation>
    </message>
    <message>
        <source>Close the find bar</source>
        <translation>Suchleiste schließen</translation>
    </message>
</context>
<context>
    <name>danube::console::FindingsModel</name>
    <message numerus="yes">
        <source>%n errors</source>
        <translation>
            <numerusform>%n Fehler</numerusform>
            <numerusform>%n Fehler</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warnings</source>
        <translation>
            <numerusform>%n Warnung</numerusform>
            <numerusform>%n Warnungen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hints</source>
        <translation>
            <numerusform>%n Hinweis</numerusform>
            <numerusform>%n Hinweise</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing to say against it</source>
        <translation>Nichts einzuwenden</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Stelle</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>Was zu tun ist</translation>
    </message>
</context>
<context>
    <name>danube::console::Guard</name>
    <message>
        <source>the connection was lost</source>
        <translation>die Verbindung ging verloren</translation>
    </message>
    <message>
        <source>%1 is production and read-only until you unlock it</source>
        <translation>%1 ist Produktion und nur lesbar, bis Sie es entsperren</translation>
    </message>
    <message>
        <source>This is not the name of the profile.</source>
        <translation>Das ist nicht der Name des Profils.</translation>
    </message>
    <message>
        <source>Unlocked until %1.</source>
        <translation>Entsperrt bis %1.</translation>
    </message>
    <message>
        <source>as you asked</source>
        <translation>wie von Ihnen verlangt</translation>
    </message>
    <message>
        <source>nobody used the console for %1</source>
        <translation>niemand benutzte die Konsole für %1</translation>
    </message>
    <message>
        <source>its time is over</source>
        <translation>die Zeit ist um</translation>
    </message>
    <message>
        <source>Locked: %1.</source>
        <translation>Gesperrt: %1.</translation>
    </message>
</context>
<context>
    <name>danube::console::HostTestModel</name>
    <message>
        <source>Paste hosts, one a line, or a whole log.</source>
        <translation>Fügen Sie Hosts ein, einen je Zeile, oder ein ganzes Log.</translation>
    </message>
    <message numerus="yes">
        <source>%n hosts</source>
        <translation>
            <numerusform>%n Host</numerusform>
            <numerusform>%n Hosts</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2 allowed, %3 refused. Your edit changes none of them.</source>
        <translation>%1: %2 erlaubt, %3 abgelehnt. Ihre Änderung ändert daran nichts.</translation>
    </message>
    <message>
        <source>%1: %2 allowed, %3 refused after your edit, which changes %4.</source>
        <translation>%1: %2 erlaubt, %3 abgelehnt nach Ihrer Änderung; sie ändert %4.</translation>
    </message>
    <message>
        <source>allowed</source>
        <translation>erlaubt</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Host</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Danach</translation>
    </message>
    <message>
        <source>By entry</source>
        <translation>Durch Eintrag</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
</context>
<context>
    <name>danube::console::HostTestPane</name>
    <message>
        <source>packages.example.org
files.example.org:8443
or a whole log</source>
        <translation>packages.example.org
files.example.org:8443
oder ein ganzes Log</translation>
    </message>
    <message>
        <source>Hosts to test</source>
        <translation>Hosts zum Testen</translation>
    </message>
    <message>
        <source>Verdicts</source>
        <translation>Entscheidungen</translation>
    </message>
</context>
<context>
    <name>danube::console::ImportDialog</name>
    <message>
        <source>Import from a job</source>
        <translation>Aus einem Job übernehmen</translation>
    </message>
    <message>
        <source>Job id</source>
        <translation>Kennung des Jobs</translation>
    </message>
    <message>
        <source>Entries that would let through what this &amp;job was refused:</source>
        <translation>Einträge, die durchließen, was diesem &amp;Job abgelehnt wurde:</translation>
    </message>
    <message>
        <source>&amp;Look up</source>
        <translation>&amp;Nachsehen</translation>
    </message>
    <message>
        <source>Proposed entries</source>
        <translation>Vorgeschlagene Einträge</translation>
    </message>
    <message>
        <source>&amp;Add checked</source>
        <translation>Angekreuzte &amp;hinzufügen</translation>
    </message>
    <message>
        <source>Asking the master…</source>
        <translation>Der Master wird gefragt…</translation>
    </message>
    <message>
        <source>This job was refused nothing that an entry could allow.</source>
        <translation>Diesem Job wurde nichts abgelehnt, was ein Eintrag erlauben könnte.</translation>
    </message>
    <message numerus="yes">
        <source>%n entries, each the narrowest that helps</source>
        <translation>
            <numerusform>%n Eintrag, so eng wie möglich</numerusform>
            <numerusform>%n Einträge, jeder so eng wie möglich</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::JobArtifactsTab</name>
    <message>
        <source>Asking the master…</source>
        <translation>Der Master wird gefragt…</translation>
    </message>
    <message>
        <source>This job has left no artifacts.</source>
        <translation>Dieser Job hat keine Artefakte hinterlassen.</translation>
    </message>
    <message>
        <source>Its artifacts made room for those of others. Open the job again.</source>
        <translation>Seine Artefakte haben denen anderer Platz gemacht. Öffnen Sie den Job noch einmal.</translation>
    </message>
</context>
<context>
    <name>danube::console::JobBatch</name>
    <message>
        <source>has not ended yet</source>
        <translation>ist noch nicht beendet</translation>
    </message>
    <message>
        <source>has already ended (%1)</source>
        <translation>ist schon beendet (%1)</translation>
    </message>
    <message>
        <source>is being cancelled already</source>
        <translation>wird schon abgebrochen</translation>
    </message>
    <message>
        <source>its master is not connected any more</source>
        <translation>sein Master ist nicht mehr verbunden</translation>
    </message>
    <message>
        <source>runs again as #%1</source>
        <translation>läuft erneut als #%1</translation>
    </message>
    <message numerus="yes">
        <source>%Ln will be cancelled</source>
        <translation>
            <numerusform>%Ln wird abgebrochen</numerusform>
            <numerusform>%Ln werden abgebrochen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln will run again</source>
        <translation>
            <numerusform>%Ln läuft erneut</numerusform>
            <numerusform>%Ln laufen erneut</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 sent</source>
        <translation>%1 gesendet</translation>
    </message>
    <message>
        <source>%1 under way</source>
        <translation>%1 unterwegs</translation>
    </message>
    <message>
        <source>%1 skipped</source>
        <translation>%1 übersprungen</translation>
    </message>
    <message>
        <source>%1 refused</source>
        <translation>%1 abgelehnt</translation>
    </message>
</context>
<context>
    <name>danube::console::JobHeader</name>
    <message>
        <source>Show in the log</source>
        <translation>Im Log zeigen</translation>
    </message>
    <message>
        <source>Go to the end of the failed step&apos;s output</source>
        <translation>Zum Ende der Ausgabe des fehlgeschlagenen Schritts</translation>
    </message>
    <message>
        <source>Cancelling</source>
        <translation>Wird abgebrochen</translation>
    </message>
    <message>
        <source>%1 at %2</source>
        <translation>%1 bei %2</translation>
    </message>
    <message>
        <source>started by %1 (%2)</source>
        <translation>gestartet von %1 (%2)</translation>
    </message>
    <message>
        <source>waited %1</source>
        <translation>wartete %1</translation>
    </message>
    <message>
        <source>ran %1</source>
        <translation>lief %1</translation>
    </message>
    <message>
        <source>running for %1</source>
        <translation>läuft seit %1</translation>
    </message>
    <message>
        <source>attempt %1</source>
        <translation>Versuch %1</translation>
    </message>
</context>
<context>
    <name>danube::console::JobPage</name>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Border between steps and log</source>
        <translation>Grenze zwischen Schritten und Log</translation>
    </message>
    <message>
        <source>This step has no output.</source>
        <translation>Dieser Schritt hat keine Ausgabe.</translation>
    </message>
    <message numerus="yes">
        <source>The log has only %Ln lines.</source>
        <translation>
            <numerusform>Das Log hat nur %Ln Zeile.</numerusform>
            <numerusform>Das Log hat nur %Ln Zeilen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Waiting: %n other logs of this master are open</source>
        <translation>
            <numerusform>Wartet: %n anderes Log dieses Masters ist offen</numerusform>
            <numerusform>Wartet: %n andere Logs dieses Masters sind offen</numerusform>
        </translation>
    </message>
    <message>
        <source>Log: %1/s</source>
        <translation>Log: %1/s</translation>
    </message>
</context>
<context>
    <name>danube::console::JobSession</name>
    <message>
        <source>Host</source>
        <translation>Host</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>Protocol</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>Zeiten</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Last</source>
        <translation>Zuletzt</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>Was geschah</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>Ereignis</translation>
    </message>
    <message>
        <source>Of</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Daten</translation>
    </message>
    <message>
        <source>Load job %1: %2</source>
        <translation>Job %1 laden: %2</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>let through: the policy only watches</source>
        <translation>durchgelassen: die Richtlinie sieht nur zu</translation>
    </message>
    <message>
        <source>Nothing was refused.</source>
        <translation>Nichts wurde abgelehnt.</translation>
    </message>
    <message>
        <source>This master does not tell what it refuses.</source>
        <translation>Dieser Master sagt nicht, was er ablehnt.</translation>
    </message>
    <message>
        <source>Ask for refused connections: %1</source>
        <translation>Nach abgelehnten Verbindungen fragen: %1</translation>
    </message>
</context>
<context>
    <name>danube::console::JobTableModel</name>
    <message>
        <source>Cancelling</source>
        <translation>Wird abgebrochen</translation>
    </message>
    <message>
        <source>%1 by %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>%1 · as of %2</source>
        <translation>%1 · Stand %2</translation>
    </message>
    <message>
        <source>No job of %1 has ended yet.</source>
        <translation>Noch kein Job von %1 ist beendet.</translation>
    </message>
    <message numerus="yes">
        <source>The last %n jobs of %1 ran %2 to %3.</source>
        <translation>
            <numerusform>Der letzte %n Job von %1 lief %2 bis %3.</numerusform>
            <numerusform>Die letzten %n Jobs von %1 liefen %2 bis %3.</numerusform>
        </translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Job</translation>
    </message>
    <message>
        <source>Pipeline</source>
        <translation>Pipeline</translation>
    </message>
    <message>
        <source>Branch</source>
        <translation>Branch</translation>
    </message>
    <message>
        <source>Commit</source>
        <translation>Commit</translation>
    </message>
    <message>
        <source>Trigger</source>
        <translation>Auslöser</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Gestartet</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Waited</source>
        <translation>Gewartet</translation>
    </message>
    <message>
        <source>Last durations</source>
        <translation>Letzte Laufzeiten</translation>
    </message>
    <message>
        <source>Master</source>
        <translation>Master</translation>
    </message>
</context>
<context>
    <name>danube::console::JobTabs</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Refused connections</source>
        <translation>Abgelehnte Verbindungen</translation>
    </message>
    <message>
        <source>Artifacts</source>
        <translation>Artefakte</translation>
    </message>
    <message>
        <source>Parameters and origin</source>
        <translation>Parameter und Herkunft</translation>
    </message>
    <message>
        <source>Raw events</source>
        <translation>Rohe Ereignisse</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netzwerk</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Asking the master…</source>
        <translation>Der Master wird gefragt…</translation>
    </message>
    <message>
        <source>Nothing has changed since this page was opened.</source>
        <translation>Seit dem Öffnen dieser Seite hat sich nichts geändert.</translation>
    </message>
    <message>
        <source>Network (%1)</source>
        <translation>Netzwerk (%1)</translation>
    </message>
    <message>
        <source>Artifacts (%1)</source>
        <translation>Artefakte (%1)</translation>
    </message>
</context>
<context>
    <name>danube::console::JobsPage</name>
    <message>
        <source>Filter: words, state:failed, branch:main, pipeline:…, since:2h</source>
        <translation>Filter: Wörter, state:failed, branch:main, pipeline:…, since:2h</translation>
    </message>
    <message>
        <source>Filter jobs</source>
        <translation>Jobs filtern</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>Ansichten</translation>
    </message>
    <message>
        <source>Saved filters</source>
        <translation>Gespeicherte Filter</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Jobs</translation>
    </message>
    <message numerus="yes">
        <source>%n new - show</source>
        <translation>
            <numerusform>%n neuer – zeigen</numerusform>
            <numerusform>%n neue – zeigen</numerusform>
        </translation>
    </message>
    <message>
        <source>No job matches the filter.</source>
        <translation>Kein Job passt zum Filter.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln jobs</source>
        <translation>
            <numerusform>%Ln Job</numerusform>
            <numerusform>%Ln Jobs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln jobs</source>
        <translation>
            <numerusform>%1 von %Ln Job</numerusform>
            <numerusform>%1 von %Ln Jobs</numerusform>
        </translation>
    </message>
    <message>
        <source> · %1 selected</source>
        <translation> · %1 ausgewählt</translation>
    </message>
    <message>
        <source>&amp;Save view…</source>
        <translation>Ansicht &amp;speichern…</translation>
    </message>
    <message>
        <source>Save view</source>
        <translation>Ansicht speichern</translation>
    </message>
    <message>
        <source>Name of the view &quot;%1&quot;:</source>
        <translation>Name der Ansicht „%1“:</translation>
    </message>
    <message>
        <source>Type a filter first: a view is a filter with a name.</source>
        <translation>Schreiben Sie erst einen Filter: Eine Ansicht ist ein Filter mit Namen.</translation>
    </message>
    <message>
        <source>Which jobs are yours is not known: the token has no name. Write yours in Edit, Preferences.</source>
        <translation>Welche Jobs Ihre sind, ist nicht bekannt: Das Token nennt keinen Namen. Tragen Sie Ihren unter Bearbeiten, Einstellungen ein.</translation>
    </message>
    <message>
        <source>No job here is watched. Job, Watch marks the selected ones.</source>
        <translation>Kein Job hier wird beobachtet. Job, Beobachten merkt die ausgewählten vor.</translation>
    </message>
    <message>
        <source>Name of the view of all jobs:</source>
        <translation>Name der Ansicht aller Jobs:</translation>
    </message>
</context>
<context>
    <name>danube::console::JobsTab</name>
    <message>
        <source>No master has jobs yet.</source>
        <translation>Noch kein Master hat Jobs.</translation>
    </message>
    <message>
        <source>This master has no jobs yet.</source>
        <translation>Dieser Master hat noch keine Jobs.</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Jobs</translation>
    </message>
</context>
<context>
    <name>danube::console::JsonTextEdit</name>
    <message>
        <source>Text of the file</source>
        <translation>Text der Datei</translation>
    </message>
    <message>
        <source>Typing</source>
        <translation>Tippen</translation>
    </message>
</context>
<context>
    <name>danube::console::LogFeed</name>
    <message>
        <source>Log: %1</source>
        <translation>Log: %1</translation>
    </message>
    <message>
        <source>a crash of the master cut the log</source>
        <translation>ein Absturz des Masters hat das Log abgeschnitten</translation>
    </message>
    <message>
        <source>the log has %1 bytes, %2 were received</source>
        <translation>das Log hat %1 Bytes, %2 kamen an</translation>
    </message>
    <message>
        <source>the digest of the log is wrong</source>
        <translation>die Prüfsumme des Logs ist falsch</translation>
    </message>
    <message>
        <source>The log could not be fetched exactly: %1</source>
        <translation>Das Log ließ sich nicht genau holen: %1</translation>
    </message>
</context>
<context>
    <name>danube::console::LogMarks</name>
    <message>
        <source>Save marks in &apos;%1&apos;: %2</source>
        <translation>Markierungen in „%1“ speichern: %2</translation>
    </message>
    <message>
        <source>There are %1 marks already.</source>
        <translation>Es gibt schon %1 Markierungen.</translation>
    </message>
</context>
<context>
    <name>danube::console::LogPane</name>
    <message>
        <source>Matches</source>
        <translation>Treffer</translation>
    </message>
    <message>
        <source>Marks</source>
        <translation>Markierungen</translation>
    </message>
    <message>
        <source>Border between log and tabs</source>
        <translation>Grenze zwischen Log und Tabs</translation>
    </message>
    <message>
        <source>The search went on at the other end of the log.</source>
        <translation>Die Suche ging am anderen Ende des Logs weiter.</translation>
    </message>
    <message>
        <source>No further error in this direction.</source>
        <translation>Kein weiterer Fehler in dieser Richtung.</translation>
    </message>
    <message>
        <source>Marks (%1)</source>
        <translation>Markierungen (%1)</translation>
    </message>
    <message>
        <source>Matches (%1)</source>
        <translation>Treffer (%1)</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Sucht…</translation>
    </message>
    <message>
        <source>No match</source>
        <translation>Kein Treffer</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message numerus="yes">
        <source>%1 matches</source>
        <translation>
            <numerusform>%1 Treffer</numerusform>
            <numerusform>%1 Treffer</numerusform>
        </translation>
    </message>
    <message>
        <source>Following</source>
        <translation>Folgt</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message numerus="yes">
        <source>Paused · + %Ln lines below</source>
        <translation>
            <numerusform>Angehalten · + %Ln Zeile darunter</numerusform>
            <numerusform>Angehalten · + %Ln Zeilen darunter</numerusform>
        </translation>
    </message>
    <message>
        <source>Follow: %1</source>
        <translation>Folgen: %1</translation>
    </message>
    <message numerus="yes">
        <source>%Ln lines · %1</source>
        <translation>
            <numerusform>%Ln Zeile · %1</numerusform>
            <numerusform>%Ln Zeilen · %1</numerusform>
        </translation>
    </message>
    <message>
        <source> · indexing %1 %</source>
        <translation> · Index bei %1 %</translation>
    </message>
    <message numerus="yes">
        <source>%n errors</source>
        <translation>
            <numerusform>%n Fehler</numerusform>
            <numerusform>%n Fehler</numerusform>
        </translation>
    </message>
    <message>
        <source>Go to</source>
        <translation>Gehe zu</translation>
    </message>
    <message>
        <source>Line (1 to %1), time (14:02:11), or time since the start (+90s):</source>
        <translation>Zeile (1 bis %1), Uhrzeit (14:02:11) oder Zeit seit dem Start (+90s):</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is neither a line nor a time.</source>
        <translation>„%1“ ist weder Zeile noch Zeit.</translation>
    </message>
    <message>
        <source>This log has no times.</source>
        <translation>Dieses Log hat keine Zeiten.</translation>
    </message>
    <message>
        <source>The log ends before that time.</source>
        <translation>Das Log endet vor dieser Zeit.</translation>
    </message>
    <message>
        <source>Times of day.</source>
        <translation>Uhrzeiten.</translation>
    </message>
    <message>
        <source>Times since the job&apos;s start.</source>
        <translation>Zeiten seit dem Start des Jobs.</translation>
    </message>
    <message>
        <source>Times since the line before.</source>
        <translation>Zeiten seit der Zeile davor.</translation>
    </message>
    <message>
        <source>No times.</source>
        <translation>Keine Zeiten.</translation>
    </message>
    <message>
        <source>Long lines are wrapped.</source>
        <translation>Lange Zeilen werden umbrochen.</translation>
    </message>
    <message>
        <source>Long lines are not wrapped.</source>
        <translation>Lange Zeilen werden nicht umbrochen.</translation>
    </message>
    <message>
        <source>Step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>Step %1 %2, %3</source>
        <translation>Schritt %1 %2, %3</translation>
    </message>
    <message>
        <source>This line belongs to no step.</source>
        <translation>Diese Zeile gehört zu keinem Schritt.</translation>
    </message>
    <message>
        <source>There is no step that succeeded.</source>
        <translation>Kein Schritt war erfolgreich.</translation>
    </message>
    <message numerus="yes">
        <source>%n steps folded</source>
        <translation>
            <numerusform>%n Schritt eingeklappt</numerusform>
            <numerusform>%n Schritte eingeklappt</numerusform>
        </translation>
    </message>
    <message>
        <source>The log is empty.</source>
        <translation>Das Log ist leer.</translation>
    </message>
    <message>
        <source>Save the log</source>
        <translation>Log speichern</translation>
    </message>
    <message>
        <source>Nothing is selected.</source>
        <translation>Nichts ist ausgewählt.</translation>
    </message>
    <message>
        <source>Save the selected lines</source>
        <translation>Ausgewählte Zeilen speichern</translation>
    </message>
    <message>
        <source>-selection</source>
        <translation>-auswahl</translation>
    </message>
    <message>
        <source>Find something first.</source>
        <translation>Suchen Sie erst etwas.</translation>
    </message>
    <message>
        <source>Save the lines with matches</source>
        <translation>Zeilen mit Treffern speichern</translation>
    </message>
    <message>
        <source>-matches</source>
        <translation>-treffer</translation>
    </message>
    <message>
        <source>No other program opens log files here.</source>
        <translation>Kein anderes Programm öffnet hier Logdateien.</translation>
    </message>
    <message>
        <source>the log that is being saved</source>
        <translation>das Log, das gerade gespeichert wird</translation>
    </message>
    <message>
        <source>Follow the end of the log (%1)</source>
        <translation>Dem Ende des Logs folgen (%1)</translation>
    </message>
    <message>
        <source>This log has no marks. Log, %1 sets one.</source>
        <translation>Dieses Log hat keine Markierungen. Log, %1 setzt eine.</translation>
    </message>
</context>
<context>
    <name>danube::console::LogSaver</name>
    <message>
        <source>Progress of saving</source>
        <translation>Fortschritt beim Speichern</translation>
    </message>
    <message>
        <source>Cancel saving</source>
        <translation>Speichern abbrechen</translation>
    </message>
    <message>
        <source>Another log is being saved; wait or cancel it first.</source>
        <translation>Ein anderes Log wird gespeichert; warten Sie oder brechen Sie das erst ab.</translation>
    </message>
    <message>
        <source>Saving %1</source>
        <translation>%1 wird gespeichert</translation>
    </message>
    <message>
        <source>Saved %1 to %2.</source>
        <translation>%1 gespeichert als %2.</translation>
    </message>
    <message>
        <source>Saving was cancelled.</source>
        <translation>Das Speichern wurde abgebrochen.</translation>
    </message>
</context>
<context>
    <name>danube::console::LogView</name>
    <message>
        <source>E</source>
        <translation>F</translation>
    </message>
    <message>
        <source>W</source>
        <translation>W</translation>
    </message>
    <message>
        <source>Step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message numerus="yes">
        <source>%n lines folded</source>
        <translation>
            <numerusform>%n Zeile eingeklappt</numerusform>
            <numerusform>%n Zeilen eingeklappt</numerusform>
        </translation>
    </message>
    <message>
        <source> … this line is longer than %1; the rest is in the saved log</source>
        <translation> … diese Zeile ist länger als %1; der Rest steht im gespeicherten Log</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Log</translation>
    </message>
    <message>
        <source>The selection is larger than %1: too much for the clipboard. Log, Save selected lines takes any size.</source>
        <translation>Die Auswahl ist größer als %1: zu viel für die Zwischenablage. Log, Ausgewählte Zeilen speichern nimmt jede Größe.</translation>
    </message>
    <message>
        <source>The selection is larger than %1: too much to copy with colours. Log, Save selected lines takes any size.</source>
        <translation>Die Auswahl ist größer als %1: zu viel zum Kopieren mit Farben. Log, Ausgewählte Zeilen speichern nimmt jede Größe.</translation>
    </message>
</context>
<context>
    <name>danube::console::LoopbackRedirect</name>
    <message>
        <source>Nothing here</source>
        <translation>Nichts hier</translation>
    </message>
    <message>
        <source>This is not the address of the sign-in.</source>
        <translation>Das ist nicht die Adresse der Anmeldung.</translation>
    </message>
    <message>
        <source>Back to Danube</source>
        <translation>Zurück zu Danube</translation>
    </message>
    <message>
        <source>You can close this tab: the console goes on by itself.</source>
        <translation>Sie können diesen Tab schließen: Die Konsole macht von selbst weiter.</translation>
    </message>
</context>
<context>
    <name>danube::console::MainWindow</name>
    <message>
        <source>Main toolbar</source>
        <translation>Hauptleiste</translation>
    </message>
    <message>
        <source>Navigator</source>
        <translation>Navigator</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Aktivität</translation>
    </message>
    <message>
        <source>View &quot;%1&quot; removed. Edit, Restore brings it back.</source>
        <translation>Ansicht „%1“ entfernt. „Bearbeiten, Entfernte Ansicht zurückholen“ bringt sie wieder.</translation>
    </message>
    <message>
        <source>All masters</source>
        <translation>Alle Master</translation>
    </message>
    <message>
        <source>Connect to a master first: %1 belongs to one.</source>
        <translation>Verbinden Sie sich erst mit einem Master: %1 gehört zu einem.</translation>
    </message>
    <message>
        <source>Choose one master above first: %1 belongs to one.</source>
        <translation>Wählen Sie oben erst einen Master: %1 gehört zu einem.</translation>
    </message>
    <message>
        <source>Line %1, column %2, byte %3</source>
        <translation>Zeile %1, Spalte %2, Byte %3</translation>
    </message>
    <message>
        <source>Open log file</source>
        <translation>Logdatei öffnen</translation>
    </message>
    <message>
        <source>About Danube</source>
        <translation>Über Danube</translation>
    </message>
    <message>
        <source>Danube console %1
Self-hosted CI/CD. Licensed under GPL-3.0-or-later.</source>
        <translation>Danube-Konsole %1
Selbst betriebenes CI/CD. Lizenz: GPL-3.0-or-later.</translation>
    </message>
    <message>
        <source>no master is chosen</source>
        <translation>kein Master ist gewählt</translation>
    </message>
    <message>
        <source>nothing here is locked</source>
        <translation>nichts hier ist gesperrt</translation>
    </message>
    <message>
        <source>nothing here is unlocked</source>
        <translation>nichts hier ist entsperrt</translation>
    </message>
    <message>
        <source>this tab stays</source>
        <translation>dieser Tab bleibt</translation>
    </message>
    <message>
        <source>no view was removed</source>
        <translation>keine Ansicht wurde entfernt</translation>
    </message>
    <message>
        <source>no log is open</source>
        <translation>kein Log ist offen</translation>
    </message>
    <message>
        <source>not on this page</source>
        <translation>nicht auf dieser Seite</translation>
    </message>
    <message>
        <source>the master is not live (%1)</source>
        <translation>der Master ist nicht live (%1)</translation>
    </message>
    <message>
        <source>no running job is selected</source>
        <translation>kein laufender Job ist ausgewählt</translation>
    </message>
    <message>
        <source>no job that has ended is selected</source>
        <translation>kein beendeter Job ist ausgewählt</translation>
    </message>
    <message>
        <source>no job is selected</source>
        <translation>kein Job ist ausgewählt</translation>
    </message>
    <message>
        <source>select one job</source>
        <translation>wählen Sie einen Job</translation>
    </message>
    <message>
        <source>The link is in the clipboard.</source>
        <translation>Der Link ist in der Zwischenablage.</translation>
    </message>
    <message>
        <source>Connect to %1 to open the job of this link.</source>
        <translation>Verbinden Sie sich mit %1, um den Job dieses Links zu öffnen.</translation>
    </message>
    <message>
        <source>All masters – Danube</source>
        <translation>Alle Master – Danube</translation>
    </message>
    <message>
        <source>Danube</source>
        <translation>Danube</translation>
    </message>
    <message>
        <source>%1 – Danube</source>
        <translation>%1 – Danube</translation>
    </message>
    <message>
        <source>PROD – %1 (read-only) – Danube</source>
        <translation>PROD – %1 (nur lesen) – Danube</translation>
    </message>
    <message>
        <source>PROD – %1 (unlocked until %2) – Danube</source>
        <translation>PROD – %1 (entsperrt bis %2) – Danube</translation>
    </message>
    <message>
        <source>no table here can be sorted</source>
        <translation>hier lässt sich keine Tabelle sortieren</translation>
    </message>
    <message>
        <source>it has one</source>
        <translation>er hat schon eins</translation>
    </message>
</context>
<context>
    <name>danube::console::MasterSession</name>
    <message>
        <source>The master does not accept the token.</source>
        <translation>Der Master nimmt das Token nicht an.</translation>
    </message>
    <message>
        <source>The master has been silent for too long.</source>
        <translation>Der Master schweigt schon zu lange.</translation>
    </message>
    <message>
        <source>Load the list of jobs: %1</source>
        <translation>Liste der Jobs laden: %1</translation>
    </message>
    <message>
        <source>Cancel job %1: %2</source>
        <translation>Job %1 abbrechen: %2</translation>
    </message>
    <message>
        <source>Retry job %1: %2</source>
        <translation>Job %1 wiederholen: %2</translation>
    </message>
    <message>
        <source>The master is not live (%1).</source>
        <translation>Der Master ist nicht live (%1).</translation>
    </message>
</context>
<context>
    <name>danube::console::Masters</name>
    <message>
        <source>Signed in with a new token.</source>
        <translation>Mit einem neuen Token angemeldet.</translation>
    </message>
    <message>
        <source>Disconnected.</source>
        <translation>Getrennt.</translation>
    </message>
</context>
<context>
    <name>danube::console::MastersActions</name>
    <message>
        <source>%1 needs you to sign in again.</source>
        <translation>%1 verlangt, dass Sie sich erneut anmelden.</translation>
    </message>
    <message>
        <source>select one master of the list</source>
        <translation>wählen Sie einen Master der Liste</translation>
    </message>
    <message>
        <source>no master of the list is selected</source>
        <translation>kein Master der Liste ist ausgewählt</translation>
    </message>
    <message>
        <source>Import profiles</source>
        <translation>Profile importieren</translation>
    </message>
    <message>
        <source>Export profiles</source>
        <translation>Profile exportieren</translation>
    </message>
    <message>
        <source>Profiles (*.json)</source>
        <translation>Profile (*.json)</translation>
    </message>
    <message>
        <source>Read %1: %2</source>
        <translation>%1 lesen: %2</translation>
    </message>
    <message>
        <source>Import %1: %2</source>
        <translation>%1 importieren: %2</translation>
    </message>
    <message>
        <source>%1 of %2 profiles imported; the others were known.</source>
        <translation>%1 von %2 Profilen importiert; die anderen waren bekannt.</translation>
    </message>
    <message>
        <source>Write %1: %2</source>
        <translation>%1 schreiben: %2</translation>
    </message>
    <message numerus="yes">
        <source>%n profiles exported, without tokens.</source>
        <translation>
            <numerusform>%n Profil exportiert, ohne Token.</numerusform>
            <numerusform>%n Profile exportiert, ohne Token.</numerusform>
        </translation>
    </message>
    <message>
        <source>Add master</source>
        <translation>Master hinzufügen</translation>
    </message>
    <message>
        <source>Edit %1</source>
        <translation>%1 bearbeiten</translation>
    </message>
    <message>
        <source>Remove masters</source>
        <translation>Master entfernen</translation>
    </message>
    <message numerus="yes">
        <source>Remove %n masters from the list? Their stored tokens are forgotten too. Nothing changes on the masters themselves.</source>
        <translation>
            <numerusform>%n Master aus der Liste entfernen? Sein gespeichertes Token wird auch vergessen. Auf dem Master selbst ändert sich nichts.</numerusform>
            <numerusform>%n Master aus der Liste entfernen? Ihre gespeicherten Token werden auch vergessen. Auf den Mastern selbst ändert sich nichts.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>%1 is not connected: %2</source>
        <translation>%1 ist nicht verbunden: %2</translation>
    </message>
    <message>
        <source>%1 is connected as %2: disconnect and connect again for the new kind to hold.</source>
        <translation>%1 ist als %2 verbunden: Trennen und neu verbinden, damit die neue Art gilt.</translation>
    </message>
    <message>
        <source>Disconnect</source>
        <translation>Trennen</translation>
    </message>
    <message>
        <source>Disconnect %1?</source>
        <translation>%1 trennen?</translation>
    </message>
    <message>
        <source>&amp;Disconnect</source>
        <translation>&amp;Trennen</translation>
    </message>
    <message>
        <source>Sign out everywhere</source>
        <translation>Überall abmelden</translation>
    </message>
    <message>
        <source>Disconnect every master and forget all tokens?</source>
        <translation>Jeden Master trennen und alle Token vergessen?</translation>
    </message>
    <message>
        <source>&amp;Sign out</source>
        <translation>&amp;Abmelden</translation>
    </message>
    <message>
        <source>Lost then:
• %1</source>
        <translation>Dann geht verloren:
• %1</translation>
    </message>
    <message>
        <source>%1 of %2 profiles imported; there is no room for %3 more.</source>
        <translation>%1 von %2 Profilen importiert; für %3 weitere ist kein Platz.</translation>
    </message>
</context>
<context>
    <name>danube::console::MastersList</name>
    <message>
        <source>Masters</source>
        <translation>Master</translation>
    </message>
    <message>
        <source>Welcome to Danube</source>
        <translation>Willkommen bei Danube</translation>
    </message>
    <message>
        <source>Add the master you work with to watch its jobs, or open a log file of this machine.</source>
        <translation>Fügen Sie den Master hinzu, mit dem Sie arbeiten, um seine Jobs zu sehen, oder öffnen Sie eine Logdatei dieses Rechners.</translation>
    </message>
    <message>
        <source>Choose a master to connect to. Addresses and names are kept in the settings, tokens never.</source>
        <translation>Wählen Sie einen Master zum Verbinden. Adressen und Namen stehen in den Einstellungen, Token nie.</translation>
    </message>
</context>
<context>
    <name>danube::console::MastersPage</name>
    <message>
        <source>Masters</source>
        <translation>Master</translation>
    </message>
</context>
<context>
    <name>danube::console::MergeView</name>
    <message>
        <source>(removed)</source>
        <translation>(entfernt)</translation>
    </message>
    <message>
        <source>What the branch changed</source>
        <translation>Was der Branch geändert hat</translation>
    </message>
    <message>
        <source>What you changed</source>
        <translation>Was Sie geändert haben</translation>
    </message>
    <message>
        <source>The merge, beside the branch</source>
        <translation>Die Zusammenführung neben dem Branch</translation>
    </message>
    <message>
        <source>&amp;Take the merge, then review it</source>
        <translation>Zusammenführung &amp;übernehmen, dann durchsehen</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>The branch changed</source>
        <translation>Der Branch änderte</translation>
    </message>
    <message>
        <source>You changed</source>
        <translation>Sie änderten</translation>
    </message>
    <message>
        <source>Merged: what your commit will add to the branch</source>
        <translation>Zusammengeführt: was Ihr Commit zum Branch hinzufügt</translation>
    </message>
    <message>
        <source>The branch has moved to %1 since you loaded it. Nothing was overwritten and nothing was committed.</source>
        <translation>Der Branch steht jetzt auf %1, seit Sie ihn geladen haben. Nichts wurde überschrieben, nichts committet.</translation>
    </message>
    <message>
        <source>The file is no JSON on one side: one of them has to go.</source>
        <translation>Die Datei ist auf einer Seite kein JSON: Eine von beiden muss weichen.</translation>
    </message>
    <message>
        <source>Both changed %1:</source>
        <translation>Beide änderten %1:</translation>
    </message>
    <message>
        <source>the branch&apos;s</source>
        <translation>die des Branchs</translation>
    </message>
    <message>
        <source>branch: %1</source>
        <translation>Branch: %1</translation>
    </message>
    <message>
        <source>yours</source>
        <translation>Ihre</translation>
    </message>
    <message>
        <source>yours: %1</source>
        <translation>Ihre: %1</translation>
    </message>
</context>
<context>
    <name>danube::console::MessageBar</name>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>Dismiss message</source>
        <translation>Meldung ausblenden</translation>
    </message>
</context>
<context>
    <name>danube::console::Navigator</name>
    <message>
        <source>Navigator</source>
        <translation>Navigator</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Jobs</translation>
    </message>
    <message>
        <source>&amp;Remove view</source>
        <translation>Ansicht &amp;entfernen</translation>
    </message>
</context>
<context>
    <name>danube::console::Notifications</name>
    <message>
        <source>Sign-in needed</source>
        <translation>Anmeldung nötig</translation>
    </message>
</context>
<context>
    <name>danube::console::OverviewStrip</name>
    <message>
        <source>The whole log: matches, errors, marks and where steps begin</source>
        <translation>Das ganze Log: Treffer, Fehler, Markierungen und wo Schritte beginnen</translation>
    </message>
</context>
<context>
    <name>danube::console::PageHost</name>
    <message>
        <source>Open pages</source>
        <translation>Offene Seiten</translation>
    </message>
    <message>
        <source>Close %1</source>
        <translation>%1 schließen</translation>
    </message>
    <message>
        <source>Closing this page discards %1.</source>
        <translation>Wenn Sie diese Seite schließen, geht verloren: %1.</translation>
    </message>
    <message>
        <source>&amp;Discard and close</source>
        <translation>Ver&amp;werfen und schließen</translation>
    </message>
</context>
<context>
    <name>danube::console::Palette</name>
    <message>
        <source>Find anything: &gt; action, # job, @ profile, : line</source>
        <translation>Überall suchen: &gt; Aktion, # Job, @ Profil, : Zeile</translation>
    </message>
    <message>
        <source>Find anything</source>
        <translation>Überall suchen</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>Was gefunden wurde</translation>
    </message>
</context>
<context>
    <name>danube::console::PipelinePane</name>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Jobs</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>Anteil</translation>
    </message>
    <message>
        <source>Last in</source>
        <translation>Zuletzt in</translation>
    </message>
    <message>
        <source>How</source>
        <translation>Wie</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Job</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Failing steps</source>
        <translation>Fehlschlagende Schritte</translation>
    </message>
    <message>
        <source>Last jobs</source>
        <translation>Letzte Jobs</translation>
    </message>
    <message>
        <source>Of the pipeline</source>
        <translation>Zur Pipeline</translation>
    </message>
    <message>
        <source>Steps that failed</source>
        <translation>Schritte, die fehlschlugen</translation>
    </message>
    <message>
        <source>never started</source>
        <translation>nie gestartet</translation>
    </message>
</context>
<context>
    <name>danube::console::PipelineTableModel</name>
    <message numerus="yes">
        <source>%n succeeded</source>
        <translation>
            <numerusform>%n erfolgreich</numerusform>
            <numerusform>%n erfolgreich</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n fehlgeschlagen</numerusform>
            <numerusform>%n fehlgeschlagen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n timed out</source>
        <translation>
            <numerusform>%n Zeitüberschreitung</numerusform>
            <numerusform>%n Zeitüberschreitungen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cancelled</source>
        <translation>
            <numerusform>%n abgebrochen</numerusform>
            <numerusform>%n abgebrochen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unfinished</source>
        <translation>
            <numerusform>%n unbeendet</numerusform>
            <numerusform>%n unbeendet</numerusform>
        </translation>
    </message>
    <message>
        <source>#%1: %2</source>
        <translation>#%1: %2</translation>
    </message>
    <message>
        <source>No job has ended.</source>
        <translation>Kein Job ist beendet.</translation>
    </message>
    <message>
        <source>%1 of the last %2 jobs succeeded.</source>
        <translation>%1 der letzten %2 Jobs waren erfolgreich.</translation>
    </message>
    <message>
        <source>No job has run to its end.</source>
        <translation>Kein Job lief bis zum Ende.</translation>
    </message>
    <message numerus="yes">
        <source>The last %n jobs ran %1 to %2.</source>
        <translation>
            <numerusform>Der letzte %n Job lief %1 bis %2.</numerusform>
            <numerusform>Die letzten %n Jobs liefen %1 bis %2.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Of %n jobs that ended by themselves</source>
        <translation>
            <numerusform>Von %n Job, der von selbst endete</numerusform>
            <numerusform>Von %n Jobs, die von selbst endeten</numerusform>
        </translation>
    </message>
    <message>
        <source>Half waited at most %1, 90 % at most %2, 99 % at most %3</source>
        <translation>Die Hälfte wartete höchstens %1, 90 % höchstens %2, 99 % höchstens %3</translation>
    </message>
    <message>
        <source>Pipeline</source>
        <translation>Pipeline</translation>
    </message>
    <message>
        <source>Last result</source>
        <translation>Letztes Ergebnis</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Success</source>
        <translation>Erfolg</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p90</source>
        <translation>p90</translation>
    </message>
    <message>
        <source>p99</source>
        <translation>p99</translation>
    </message>
    <message>
        <source>Durations</source>
        <translation>Dauern</translation>
    </message>
    <message>
        <source>Queue p50</source>
        <translation>Warten p50</translation>
    </message>
    <message>
        <source>The pipeline</source>
        <translation>Die Pipeline</translation>
    </message>
    <message>
        <source>How the last job that ended did</source>
        <translation>Wie der Job ausging, der zuletzt endete</translation>
    </message>
    <message>
        <source>Jobs created in the time that is counted</source>
        <translation>Jobs, die in der gezählten Zeit angelegt wurden</translation>
    </message>
    <message>
        <source>Share of the jobs that succeeded; cancelled and unfinished ones do not count</source>
        <translation>Anteil der erfolgreichen Jobs; abgebrochene und unbeendete zählen nicht</translation>
    </message>
    <message>
        <source>The last results, the newest at the right: success up, failure down</source>
        <translation>Die letzten Ergebnisse, das neueste rechts: Erfolg oben, Fehlschlag unten</translation>
    </message>
    <message>
        <source>Half of the jobs ran at most so long; cancelled ones do not count</source>
        <translation>Die Hälfte der Jobs lief höchstens so lange; abgebrochene zählen nicht</translation>
    </message>
    <message>
        <source>90 % of the jobs ran at most so long; cancelled ones do not count</source>
        <translation>90 % der Jobs liefen höchstens so lange; abgebrochene zählen nicht</translation>
    </message>
    <message>
        <source>99 % of the jobs ran at most so long; cancelled ones do not count</source>
        <translation>99 % der Jobs liefen höchstens so lange; abgebrochene zählen nicht</translation>
    </message>
    <message>
        <source>The last durations, the newest at the right</source>
        <translation>Die letzten Dauern, die neueste rechts</translation>
    </message>
    <message>
        <source>Half of the jobs waited at most so long for their start</source>
        <translation>Die Hälfte der Jobs wartete höchstens so lange auf den Start</translation>
    </message>
</context>
<context>
    <name>danube::console::PipelinesPage</name>
    <message>
        <source>Last 24 hours</source>
        <translation>Letzte 24 Stunden</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>Letzte 30 Tage</translation>
    </message>
    <message>
        <source>All jobs known here</source>
        <translation>Alle hier bekannten Jobs</translation>
    </message>
    <message>
        <source>Time that is counted</source>
        <translation>Gezählte Zeit</translation>
    </message>
    <message>
        <source>&amp;Count:</source>
        <translation>&amp;Zählen:</translation>
    </message>
    <message>
        <source>Border between table and pipeline</source>
        <translation>Grenze zwischen Tabelle und Pipeline</translation>
    </message>
    <message>
        <source>Statistics of pipelines</source>
        <translation>Statistik der Pipelines</translation>
    </message>
    <message>
        <source>This master has no jobs yet.</source>
        <translation>Dieser Master hat noch keine Jobs.</translation>
    </message>
    <message numerus="yes">
        <source>%n jobs, all that are known here.</source>
        <translation>
            <numerusform>%n Job, alle hier bekannten.</numerusform>
            <numerusform>%n Jobs, alle hier bekannten.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n jobs created since %1.</source>
        <translation>
            <numerusform>%n Job, angelegt seit %1.</numerusform>
            <numerusform>%n Jobs, angelegt seit %1.</numerusform>
        </translation>
    </message>
    <message>
        <source>Unfinished: %1.</source>
        <translation>Unbeendet: %1.</translation>
    </message>
    <message numerus="yes">
        <source>Only the newest %n jobs are known here, since %1.</source>
        <translation>
            <numerusform>Nur %n Job, der neueste, ist hier bekannt, seit %1.</numerusform>
            <numerusform>Nur die neuesten %n Jobs sind hier bekannt, seit %1.</numerusform>
        </translation>
    </message>
    <message>
        <source>As of %1.</source>
        <translation>Stand %1.</translation>
    </message>
    <message>
        <source>No job has failed in this time.</source>
        <translation>In dieser Zeit schlug kein Job fehl.</translation>
    </message>
    <message>
        <source>%1 of %2 failed jobs looked at: %3</source>
        <translation>%1 von %2 fehlgeschlagenen Jobs angesehen: %3</translation>
    </message>
    <message>
        <source>Looking into failed jobs: %1 of %2…</source>
        <translation>Fehlgeschlagene Jobs werden angesehen: %1 von %2…</translation>
    </message>
    <message>
        <source>Of the newest %1 of %2 failed jobs.</source>
        <translation>Aus den neuesten %1 von %2 fehlgeschlagenen Jobs.</translation>
    </message>
    <message>
        <source>The jobs failed, but none of their steps did.</source>
        <translation>Die Jobs schlugen fehl, aber keiner ihrer Schritte.</translation>
    </message>
    <message numerus="yes">
        <source>Of all %n failed jobs.</source>
        <translation>
            <numerusform>Aus %n fehlgeschlagenen Job.</numerusform>
            <numerusform>Aus allen %n fehlgeschlagenen Jobs.</numerusform>
        </translation>
    </message>
    <message>
        <source>Save %1: %2</source>
        <translation>%1 speichern: %2</translation>
    </message>
    <message>
        <source>Export statistics</source>
        <translation>Statistik exportieren</translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation>Kommagetrennte Werte (*.csv)</translation>
    </message>
    <message>
        <source>Saved %1.</source>
        <translation>%1 ist gespeichert.</translation>
    </message>
    <message>
        <source>there are no pipelines yet</source>
        <translation>es gibt noch keine Pipelines</translation>
    </message>
    <message numerus="yes">
        <source>%n pipelines</source>
        <translation>
            <numerusform>%n Pipeline</numerusform>
            <numerusform>%n Pipelines</numerusform>
        </translation>
    </message>
    <message>
        <source>Pipeline</source>
        <translation>Pipeline</translation>
    </message>
    <message>
        <source>Pipelines</source>
        <translation>Pipelines</translation>
    </message>
</context>
<context>
    <name>danube::console::PolicyPreviewPane</name>
    <message>
        <source>Generated policy</source>
        <translation>Erzeugte Richtlinie</translation>
    </message>
    <message>
        <source>Only your rules</source>
        <translation>Nur Ihre Regeln</translation>
    </message>
    <message>
        <source>Only changes</source>
        <translation>Nur Änderungen</translation>
    </message>
    <message>
        <source>Cilium version</source>
        <translation>Cilium-Version</translation>
    </message>
    <message>
        <source>Rules that come from a list. The others every master has: DNS, its own port, what is always refused.</source>
        <translation>Regeln, die aus einer Liste kommen. Die anderen hat jeder Master: DNS, sein eigener Port, was immer abgelehnt wird.</translation>
    </message>
    <message>
        <source>chosen here; the master says %1</source>
        <translation>hier gewählt; der Master sagt %1</translation>
    </message>
    <message>
        <source>chosen here</source>
        <translation>hier gewählt</translation>
    </message>
    <message>
        <source>as the master says</source>
        <translation>wie der Master sagt</translation>
    </message>
    <message>
        <source>assumed: the master does not say which one it has</source>
        <translation>angenommen: Der Master sagt nicht, welches er hat</translation>
    </message>
    <message>
        <source>What is applied is not known yet.</source>
        <translation>Was angewendet ist, ist noch nicht bekannt.</translation>
    </message>
    <message>
        <source>What is applied is not known: %1</source>
        <translation>Was angewendet ist, ist nicht bekannt: %1</translation>
    </message>
    <message>
        <source>No policy can be made: %1</source>
        <translation>Es lässt sich keine Richtlinie erzeugen: %1</translation>
    </message>
    <message>
        <source>Your edit changes no rule.</source>
        <translation>Ihre Änderung ändert keine Regel.</translation>
    </message>
    <message>
        <source>Your edit changes the policy by +%1 and −%2 lines.</source>
        <translation>Ihre Änderung ändert die Richtlinie um +%1 und −%2 Zeilen.</translation>
    </message>
    <message>
        <source>C&amp;ilium</source>
        <translation>C&amp;ilium</translation>
    </message>
    <message>
        <source>In force: %1; %2</source>
        <translation>In Kraft: %1; %2</translation>
    </message>
</context>
<context>
    <name>danube::console::PreferencesPage</name>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Log</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Mitteilungen</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netzwerk</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Datenschutz</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>Wie der Desktop</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keiner</translation>
    </message>
    <message>
        <source>This one</source>
        <translation>Dieser</translation>
    </message>
    <message>
        <source>Everything is also in the list of activities, quiet hours or not.</source>
        <translation>Alles steht auch in der Liste der Aktivitäten, Ruhezeit oder nicht.</translation>
    </message>
    <message>
        <source>This desktop shows no notifications. The list of activities has them all.</source>
        <translation>Dieser Desktop zeigt keine Mitteilungen. In der Liste der Aktivitäten stehen alle.</translation>
    </message>
    <message>
        <source>The cached logs are deleted, but for those that are open.</source>
        <translation>Die Logs im Cache sind gelöscht, bis auf die offenen.</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
</context>
<context>
    <name>danube::console::ProfileBar</name>
    <message>
        <source>Connected masters</source>
        <translation>Verbundene Master</translation>
    </message>
    <message>
        <source>All masters</source>
        <translation>Alle Master</translation>
    </message>
</context>
<context>
    <name>danube::console::ProfileChip</name>
    <message>
        <source>%1 running, %2 queued</source>
        <translation>%1 laufen, %2 warten</translation>
    </message>
    <message>
        <source>Master %1, %2: %3, %4</source>
        <translation>Master %1, %2: %3, %4</translation>
    </message>
</context>
<context>
    <name>danube::console::ProfileDialog</name>
    <message>
        <source>Production is framed in colour and read-only until you unlock it.</source>
        <translation>Produktion hat einen farbigen Rahmen und ist nur lesbar, bis Sie sie entsperren.</translation>
    </message>
    <message>
        <source>With a token of the master</source>
        <translation>Mit einem Token des Masters</translation>
    </message>
    <message>
        <source>At an OpenID provider</source>
        <translation>Bei einem OpenID-Anbieter</translation>
    </message>
    <message>
        <source>Save and &amp;connect</source>
        <translation>Speichern und &amp;verbinden</translation>
    </message>
    <message>
        <source>&amp;Test connection…</source>
        <translation>Verbindung &amp;testen…</translation>
    </message>
</context>
<context>
    <name>danube::console::ProfileModel</name>
    <message>
        <source>Another profile has the address %1.</source>
        <translation>Ein anderes Profil hat die Adresse %1.</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>Nicht verbunden</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Not known</source>
        <translation>Nicht bekannt</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Sign-in by</source>
        <translation>Anmeldung durch</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>Zuletzt gesehen</translation>
    </message>
    <message>
        <source>There are %1 profiles already. Remove one first.</source>
        <translation>Es gibt schon %1 Profile. Entfernen Sie zuerst eines.</translation>
    </message>
</context>
<context>
    <name>danube::console::RenameSecretDialog</name>
    <message>
        <source>Rename %1</source>
        <translation>%1 umbenennen</translation>
    </message>
    <message>
        <source>Nothing in the Blueprint names it.</source>
        <translation>Nichts im Blueprint nennt es.</translation>
    </message>
    <message>
        <source>These places will name the new one, as edits to be committed:</source>
        <translation>Diese Stellen nennen dann das neue, als Änderungen zum Committen:</translation>
    </message>
    <message>
        <source>Nobody can read the old value, so it is entered again. The old secret stays until you delete it: jobs that run now use it.</source>
        <translation>Den alten Wert kann niemand lesen, darum wird er noch einmal eingegeben. Das alte Secret bleibt, bis Sie es löschen: Laufende Jobs benutzen es.</translation>
    </message>
    <message>
        <source>&amp;Store and move</source>
        <translation>&amp;Speichern und umstellen</translation>
    </message>
    <message>
        <source>Another name is missing.</source>
        <translation>Ein anderer Name fehlt.</translation>
    </message>
    <message>
        <source>A value is missing.</source>
        <translation>Ein Wert fehlt.</translation>
    </message>
    <message>
        <source>&amp;New name:</source>
        <translation>&amp;Neuer Name:</translation>
    </message>
    <message>
        <source>&amp;Value, once more:</source>
        <translation>&amp;Wert, noch einmal:</translation>
    </message>
    <message>
        <source>%1 is there already.</source>
        <translation>%1 ist schon da.</translation>
    </message>
</context>
<context>
    <name>danube::console::RowsTab</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
<context>
    <name>danube::console::SavedViews</name>
    <message>
        <source>Running</source>
        <translation>Laufende</translation>
    </message>
    <message>
        <source>Failed today</source>
        <translation>Heute fehlgeschlagen</translation>
    </message>
    <message>
        <source>Main branch</source>
        <translation>Hauptbranch</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>Meine</translation>
    </message>
    <message>
        <source>Watched</source>
        <translation>Beobachtet</translation>
    </message>
    <message>
        <source>A view cannot be called &quot;%1&quot;: that name is taken or empty.</source>
        <translation>Eine Ansicht kann nicht „%1“ heißen: Der Name ist vergeben oder leer.</translation>
    </message>
    <message>
        <source>There are %1 views already. Remove one first.</source>
        <translation>Es gibt schon %1 Ansichten. Entfernen Sie erst eine.</translation>
    </message>
</context>
<context>
    <name>danube::console::SecretField</name>
    <message>
        <source>From &amp;file…</source>
        <translation>Aus &amp;Datei…</translation>
    </message>
    <message>
        <source>Clear the clipboard</source>
        <translation>Zwischenablage leeren</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>What is typed is not shown</source>
        <translation>Was getippt wird, ist nicht zu sehen</translation>
    </message>
    <message>
        <source>It is in the clipboard as well.</source>
        <translation>Es ist auch in der Zwischenablage.</translation>
    </message>
    <message>
        <source>The clipboard is empty now.</source>
        <translation>Die Zwischenablage ist jetzt leer.</translation>
    </message>
    <message>
        <source>File with the value</source>
        <translation>Datei mit dem Wert</translation>
    </message>
    <message>
        <source>Read %1: %2</source>
        <translation>%1 lesen: %2</translation>
    </message>
    <message>
        <source>Read %1: expected 1 byte to 64 KiB.</source>
        <translation>%1 lesen: Erwartet sind 1 Byte bis 64 KiB.</translation>
    </message>
    <message numerus="yes">
        <source>%1, %Ln bytes</source>
        <translation>
            <numerusform>%1, %Ln Byte</numerusform>
            <numerusform>%1, %Ln Bytes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>danube::console::SecretsModel</name>
    <message>
        <source>Rename %1 to %2</source>
        <translation>%1 in %2 umbenennen</translation>
    </message>
    <message>
        <source>All pipelines</source>
        <translation>Alle Pipelines</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>niemand</translation>
    </message>
    <message numerus="yes">
        <source>%n: %1</source>
        <translation>
            <numerusform>%n: %1</numerusform>
            <numerusform>%n: %1</numerusform>
        </translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>defined</source>
        <translation>gesetzt</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>nicht bekannt</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>For</source>
        <translation>Für</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>Gesetzt</translation>
    </message>
    <message>
        <source>Used by</source>
        <translation>Benutzt von</translation>
    </message>
    <message>
        <source>Last used</source>
        <translation>Zuletzt benutzt</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
</context>
<context>
    <name>danube::console::SecretsPage</name>
    <message>
        <source>Secret actions</source>
        <translation>Secret-Aktionen</translation>
    </message>
    <message>
        <source>New secret…</source>
        <translation>Neues Secret…</translation>
    </message>
    <message>
        <source>Set value…</source>
        <translation>Wert setzen…</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>Löschen…</translation>
    </message>
    <message>
        <source>Reload</source>
        <translation>Neu laden</translation>
    </message>
    <message>
        <source>Secrets</source>
        <translation>Secrets</translation>
    </message>
    <message numerus="yes">
        <source>%n secrets are asked for and not defined: jobs that need them fail.</source>
        <translation>
            <numerusform>%n Secret wird verlangt, ist aber nicht gesetzt: Jobs, die es brauchen, schlagen fehl.</numerusform>
            <numerusform>%n Secrets werden verlangt, sind aber nicht gesetzt: Jobs, die sie brauchen, schlagen fehl.</numerusform>
        </translation>
    </message>
    <message>
        <source>Values are written, never read: nobody can see them here.</source>
        <translation>Werte werden geschrieben, nie gelesen: Niemand kann sie hier sehen.</translation>
    </message>
    <message>
        <source>this master does not manage secrets over REST</source>
        <translation>dieser Master verwaltet keine Secrets über REST</translation>
    </message>
    <message>
        <source>no secret is selected</source>
        <translation>kein Secret ist ausgewählt</translation>
    </message>
    <message>
        <source>it is not defined</source>
        <translation>es ist nicht gesetzt</translation>
    </message>
    <message>
        <source>%1 has a new value. Jobs that start from now on get it.</source>
        <translation>%1 hat einen neuen Wert. Jobs, die ab jetzt starten, bekommen ihn.</translation>
    </message>
    <message numerus="yes">
        <source>The Blueprint names the new secret in %n places: commit it, then delete the old one.</source>
        <translation>
            <numerusform>Der Blueprint nennt das neue Secret an %n Stelle: Committen Sie das, dann löschen Sie das alte.</numerusform>
            <numerusform>Der Blueprint nennt das neue Secret an %n Stellen: Committen Sie das, dann löschen Sie das alte.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nobody uses it.</source>
        <translation>Niemand benutzt es.</translation>
    </message>
    <message>
        <source>Used by %1: their next jobs fail.</source>
        <translation>Benutzt von %1: Die nächsten Jobs dort schlagen fehl.</translation>
    </message>
    <message>
        <source>Delete secret</source>
        <translation>Secret löschen</translation>
    </message>
    <message>
        <source>Delete %1? It cannot be undone. %2</source>
        <translation>%1 löschen? Das lässt sich nicht rückgängig machen. %2</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message numerus="yes">
        <source>%n secrets</source>
        <translation>
            <numerusform>%n Secret</numerusform>
            <numerusform>%n Secrets</numerusform>
        </translation>
    </message>
    <message>
        <source>Secret</source>
        <translation>Secret</translation>
    </message>
    <message>
        <source>the configuration is not loaded</source>
        <translation>die Konfiguration ist nicht geladen</translation>
    </message>
    <message>
        <source>Who uses it is not known: the configuration is not loaded.</source>
        <translation>Wer es benutzt, ist nicht bekannt: Die Konfiguration ist nicht geladen.</translation>
    </message>
    <message>
        <source>the secrets are not loaded</source>
        <translation>die Secrets sind nicht geladen</translation>
    </message>
</context>
<context>
    <name>danube::console::SecretsSession</name>
    <message>
        <source>This master does not manage secrets over REST. Shown are the names that the Blueprint asks for; whether they are defined is not known here.</source>
        <translation>Dieser Master verwaltet keine Secrets über REST. Zu sehen sind die Namen, die der Blueprint verlangt; ob sie gesetzt sind, ist hier nicht bekannt.</translation>
    </message>
    <message>
        <source>The value is no UTF-8 text. Encode it first, as Base64.</source>
        <translation>Der Wert ist kein UTF-8-Text. Kodieren Sie ihn vorher, etwa als Base64.</translation>
    </message>
</context>
<context>
    <name>danube::console::SetSecretDialog</name>
    <message>
        <source>New secret</source>
        <translation>Neues Secret</translation>
    </message>
    <message>
        <source>Set a secret&apos;s value</source>
        <translation>Wert eines Secrets setzen</translation>
    </message>
    <message>
        <source>The value is sent once and never shown, here or anywhere. Jobs that run now keep the one they got.</source>
        <translation>Der Wert wird einmal gesendet und nie gezeigt, weder hier noch anderswo. Laufende Jobs behalten den, den sie bekamen.</translation>
    </message>
    <message>
        <source>&amp;Store</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>A name is missing.</source>
        <translation>Ein Name fehlt.</translation>
    </message>
    <message>
        <source>A value is missing.</source>
        <translation>Ein Wert fehlt.</translation>
    </message>
    <message>
        <source>Storing…</source>
        <translation>Wird gespeichert…</translation>
    </message>
    <message>
        <source>Enter the value again.</source>
        <translation>Geben Sie den Wert noch einmal ein.</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>&amp;Name:</translation>
    </message>
    <message>
        <source>&amp;Value:</source>
        <translation>&amp;Wert:</translation>
    </message>
    <message>
        <source>%1 is there already.</source>
        <translation>%1 ist schon da.</translation>
    </message>
</context>
<context>
    <name>danube::console::ShortcutsModel</name>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
</context>
<context>
    <name>danube::console::ShortcutsPage</name>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
</context>
<context>
    <name>danube::console::ShortcutsView</name>
    <message>
        <source>&amp;Use these keys</source>
        <translation>Diese Tasten &amp;benutzen</translation>
    </message>
    <message>
        <source>&amp;No keys</source>
        <translation>&amp;Keine Tasten</translation>
    </message>
    <message>
        <source>&amp;Default</source>
        <translation>&amp;Standard</translation>
    </message>
    <message>
        <source>Search actions and keys</source>
        <translation>Aktionen und Tasten suchen</translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation>Aktionen und ihre Tasten</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Keys of the &amp;selected action:</source>
        <translation>Tasten der &amp;ausgewählten Aktion:</translation>
    </message>
</context>
<context>
    <name>danube::console::SignIn</name>
    <message>
        <source>The browser did not come back in time.</source>
        <translation>Der Browser kam nicht rechtzeitig zurück.</translation>
    </message>
    <message>
        <source>The code has expired.</source>
        <translation>Der Code ist abgelaufen.</translation>
    </message>
    <message>
        <source>Ask %1 how to sign in: %2</source>
        <translation>%1 fragen, wie man sich anmeldet: %2</translation>
    </message>
    <message>
        <source>The browser brought an answer to another question (wrong state). Sign in again.</source>
        <translation>Der Browser brachte eine Antwort auf eine andere Frage (falscher „state“). Melden Sie sich erneut an.</translation>
    </message>
    <message>
        <source>The provider refused: %1</source>
        <translation>Der Anbieter hat abgelehnt: %1</translation>
    </message>
    <message>
        <source>This provider gives no codes for other devices. Use the browser.</source>
        <translation>Dieser Anbieter gibt keine Codes für andere Geräte aus. Benutzen Sie den Browser.</translation>
    </message>
    <message>
        <source>The provider wants to be asked again, which it must not here.</source>
        <translation>Der Anbieter will noch einmal gefragt werden; das darf er hier nicht.</translation>
    </message>
</context>
<context>
    <name>danube::console::SignInBar</name>
    <message>
        <source>%1 no longer takes your sign-in. What you see is kept, edits too; sign in again to go on.</source>
        <translation>%1 nimmt Ihre Anmeldung nicht mehr an. Was Sie sehen, bleibt, auch Änderungen; melden Sie sich erneut an, um fortzufahren.</translation>
    </message>
</context>
<context>
    <name>danube::console::SignInDialog</name>
    <message>
        <source>Sign in to %1</source>
        <translation>Bei %1 anmelden</translation>
    </message>
    <message>
        <source>Sign in to %1 (%2)</source>
        <translation>Bei %1 anmelden (%2)</translation>
    </message>
    <message>
        <source>The provider is %1.</source>
        <translation>Der Anbieter ist %1.</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>Asking the provider…</source>
        <translation>Der Anbieter wird gefragt…</translation>
    </message>
    <message>
        <source>On any device, open %1 and type this code:</source>
        <translation>Öffnen Sie auf irgendeinem Gerät %1 und geben Sie diesen Code ein:</translation>
    </message>
    <message>
        <source>Waiting; %1 left.</source>
        <translation>Wartet; noch %1.</translation>
    </message>
</context>
<context>
    <name>danube::console::StepListModel</name>
    <message>
        <source>Step %1, %2, %3, %4</source>
        <translation>Schritt %1, %2, %3, %4</translation>
    </message>
    <message>
        <source>%1 after %2</source>
        <translation>%1 nach %2</translation>
    </message>
    <message>
        <source>signal %1 after %2</source>
        <translation>Signal %1 nach %2</translation>
    </message>
    <message>
        <source>after %1</source>
        <translation>nach %1</translation>
    </message>
</context>
<context>
    <name>danube::console::TimelineStrip</name>
    <message>
        <source>Timeline of the steps</source>
        <translation>Zeitleiste der Schritte</translation>
    </message>
</context>
<context>
    <name>danube::console::ToolBar</name>
    <message>
        <source>More actions</source>
        <translation>Weitere Aktionen</translation>
    </message>
</context>
<context>
    <name>danube::console::TornWindow</name>
    <message>
        <source>PROD – %1[*] – Danube</source>
        <translation>PROD – %1[*] – Danube</translation>
    </message>
    <message>
        <source>%1[*] – Danube</source>
        <translation>%1[*] – Danube</translation>
    </message>
</context>
<context>
    <name>danube::console::TrayNotifier</name>
    <message>
        <source>Danube</source>
        <translation>Danube</translation>
    </message>
</context>
<context>
    <name>danube::console::UnlockDialog</name>
    <message>
        <source>Unlock %1</source>
        <translation>%1 entsperren</translation>
    </message>
    <message>
        <source>%1 is production. Type its name to allow changes for 15 minutes. It locks again by itself when the connection is lost, and when nobody uses the console for five minutes.</source>
        <translation>%1 ist Produktion. Geben Sie den Namen ein, um Änderungen für 15 Minuten zu erlauben. Gesperrt wird von selbst wieder, wenn die Verbindung verloren geht und wenn fünf Minuten lang niemand die Konsole benutzt.</translation>
    </message>
    <message>
        <source>&amp;Unlock</source>
        <translation>&amp;Entsperren</translation>
    </message>
</context>
<context>
    <name>danube::console::WildcardDialog</name>
    <message>
        <source>Add a wildcard</source>
        <translation>Platzhalter hinzufügen</translation>
    </message>
    <message>
        <source>%1 needs only the exact entry %2. Which wildcard instead?</source>
        <translation>%1 braucht nur den genauen Eintrag %2. Welchen Platzhalter stattdessen?</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <source>Lets through %1.</source>
        <translation>Lässt %1 durch.</translation>
    </message>
    <message>
        <source>Of what jobs were refused it opens nothing else; of the internet every such name.</source>
        <translation>Von dem, was Jobs abgelehnt wurde, öffnet er sonst nichts; vom Internet jeden solchen Namen.</translation>
    </message>
    <message>
        <source>It opens as well, of what jobs were refused:</source>
        <translation>Er öffnet auch, von dem, was Jobs abgelehnt wurde:</translation>
    </message>
    <message numerus="yes">
        <source>    and %n more</source>
        <translation>
            <numerusform>    und %n weitere</numerusform>
            <numerusform>    und %n weitere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>Danube</source>
        <translation>Danube</translation>
    </message>
    <message>
        <source>Watches and steers Danube masters; reads logs of any size.</source>
        <translation>Beobachtet und steuert Danube-Master; liest Logs jeder Größe.</translation>
    </message>
    <message>
        <source>Connect to this master (also DANUBE_URL).</source>
        <translation>Mit diesem Master verbinden (auch DANUBE_URL).</translation>
    </message>
    <message>
        <source>Read the token from FILE (also DANUBE_TOKEN_FILE, or DANUBE_TOKEN).</source>
        <translation>Das Token aus DATEI lesen (auch DANUBE_TOKEN_FILE oder DANUBE_TOKEN).</translation>
    </message>
    <message>
        <source>Check that icons and languages came with the program, then exit.</source>
        <translation>Prüfen, ob Symbole und Sprachen mit dem Programm kamen, dann beenden.</translation>
    </message>
    <message>
        <source>Log files or danube:// links to open.</source>
        <translation>Logdateien oder danube://-Links zum Öffnen.</translation>
    </message>
</context>
</TS>
