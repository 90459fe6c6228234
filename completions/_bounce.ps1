
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'bounce' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'bounce'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'bounce' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('classify', 'classify', [CompletionResultType]::ParameterValue, 'Mails in, events out: one JSON object per reported recipient')
            [CompletionResult]::new('report', 'report', [CompletionResultType]::ParameterValue, 'Rates, bands, pauses and patterns of all that bounced')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'What a reply, a code, a log line or a whole mail means, and what to do')
            [CompletionResult]::new('suppress', 'suppress', [CompletionResultType]::ParameterValue, 'Who must not be mailed again, and from where: lists that remember')
            [CompletionResult]::new('train', 'train', [CompletionResultType]::ParameterValue, 'Retrain the model with your corrections, and measure it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'bounce;classify' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to write the events [default: table on a terminal, else ndjson]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to FILE instead of standard output; replaced as a whole when all went well')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to FILE instead of standard output; replaced as a whole when all went well')
            [CompletionResult]::new('--input-format', '--input-format', [CompletionResultType]::ParameterName, 'What the inputs are')
            [CompletionResult]::new('--map', '--map', [CompletionResultType]::ParameterName, 'Columns of a table, or paths in JSON, that are not known by name')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only events at or after T (RFC 3339, or a date)')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Only events before T')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Only events of the last SPAN before now: 24h, 7d, 2w')
            [CompletionResult]::new('--mailbox', '--mailbox', [CompletionResultType]::ParameterName, 'The sending mailbox, where the input does not say')
            [CompletionResult]::new('--workspace', '--workspace', [CompletionResultType]::ParameterName, 'The workspace, where the policy does not say')
            [CompletionResult]::new('--campaign', '--campaign', [CompletionResultType]::ParameterName, 'Only events of this campaign; may be repeated')
            [CompletionResult]::new('--domain', '--domain', [CompletionResultType]::ParameterName, 'Only events of this recipient domain; may be repeated')
            [CompletionResult]::new('--category', '--category', [CompletionResultType]::ParameterName, 'Only events of this category; may be repeated')
            [CompletionResult]::new('--rejects', '--rejects', [CompletionResultType]::ParameterName, 'Write what could not be read to FILE: NDJSON with file, index, offset, why')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Worker threads [default: all cores]; the output is the same whatever N is')
            [CompletionResult]::new('--sent', '--sent', [CompletionResultType]::ParameterName, 'What was sent: proof that a bounce answers a mail of yours; may be repeated')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Settings [default: ./bounce.toml if there is one]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The clock, for tests and backfills [default: the system''s]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [NO_COLOR is honoured]')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Write keyed hashes instead of addresses, subjects and message-ids')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on standard error')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Exit with 4 if anything was rejected')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bounce;report' {
            [CompletionResult]::new('--input-format', '--input-format', [CompletionResultType]::ParameterName, 'What the inputs are')
            [CompletionResult]::new('--map', '--map', [CompletionResultType]::ParameterName, 'Columns of a table, or paths in JSON, that are not known by name')
            [CompletionResult]::new('--rejects', '--rejects', [CompletionResultType]::ParameterName, 'Write what could not be read to FILE: NDJSON with file, index, offset, why')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Worker threads [default: all cores]; the output is the same whatever N is')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on standard error')
            [CompletionResult]::new('--sent', '--sent', [CompletionResultType]::ParameterName, 'What was sent: proof that a bounce answers a mail of yours; may be repeated')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to write the report [default: table on a terminal, else json]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to FILE instead of standard output; replaced as a whole when all went well')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to FILE instead of standard output; replaced as a whole when all went well')
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'What to group by in table, CSV and HTML; JSON has all groups, with provider on demand')
            [CompletionResult]::new('--top', '--top', [CompletionResultType]::ParameterName, 'How many groups of each kind to show, the most dangerous first; JSON has all of them [default: 10; HTML: charts 10, tables 500; CSV: all]')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only what happened, and what was sent, at or after T (RFC 3339, or a date)')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Only what happened, and what was sent, before T')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Only the last SPAN before now: 24h, 7d, 2w')
            [CompletionResult]::new('--mailbox', '--mailbox', [CompletionResultType]::ParameterName, 'Only this sending mailbox; may be repeated')
            [CompletionResult]::new('--workspace', '--workspace', [CompletionResultType]::ParameterName, 'Only mailboxes of this workspace; may be repeated')
            [CompletionResult]::new('--campaign', '--campaign', [CompletionResultType]::ParameterName, 'Only this campaign; may be repeated')
            [CompletionResult]::new('--domain', '--domain', [CompletionResultType]::ParameterName, 'Only this recipient domain; may be repeated')
            [CompletionResult]::new('--category', '--category', [CompletionResultType]::ParameterName, 'Only bounces of this category; may be repeated; does not change what was sent')
            [CompletionResult]::new('--as-mailbox', '--as-mailbox', [CompletionResultType]::ParameterName, 'The sending mailbox, where the input does not say')
            [CompletionResult]::new('--as-workspace', '--as-workspace', [CompletionResultType]::ParameterName, 'The workspace, where the policy and the input do not say')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Exit with 3 if the total, a mailbox or a campaign is in this band or a worse one')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Settings [default: ./bounce.toml if there is one]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The clock, for tests and backfills [default: the system''s]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [NO_COLOR is honoured]')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Write keyed hashes instead of addresses, subjects and message-ids')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Exit with 4 if anything was rejected')
            [CompletionResult]::new('--fail-on-uncertain', '--fail-on-uncertain', [CompletionResultType]::ParameterName, 'With --fail-on BAND: the rate alone decides')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bounce;explain' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to write the answer [default: table on a terminal, else json]')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Settings [default: ./bounce.toml if there is one]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The clock, for tests and backfills [default: the system''s]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [NO_COLOR is honoured]')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Write keyed hashes instead of addresses, subjects and message-ids')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bounce;suppress' {
            [CompletionResult]::new('--input-format', '--input-format', [CompletionResultType]::ParameterName, 'What the inputs are')
            [CompletionResult]::new('--map', '--map', [CompletionResultType]::ParameterName, 'Columns of a table, or paths in JSON, that are not known by name')
            [CompletionResult]::new('--rejects', '--rejects', [CompletionResultType]::ParameterName, 'Write what could not be read to FILE: NDJSON with file, index, offset, why')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Worker threads [default: all cores]; the output is the same whatever N is')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on standard error')
            [CompletionResult]::new('--sent', '--sent', [CompletionResultType]::ParameterName, 'What was sent: proof that a bounce answers a mail of yours; may be repeated')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The folder of the lists; made if there is none')
            [CompletionResult]::new('--reverified', '--reverified', [CompletionResultType]::ParameterName, 'Addresses that were verified again: a table with address and verified_at')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'Write the suppression lists for this platform, too, as it imports them: DIR/for/PLATFORM')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'How long to wait for another run that holds DIR, in seconds')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only take in what happened at or after T (RFC 3339, or a date)')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Only take in what happened before T')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Only take in what happened in the last SPAN before now: 24h, 7d, 2w')
            [CompletionResult]::new('--mailbox', '--mailbox', [CompletionResultType]::ParameterName, 'Only take in what came back to this mailbox; may be repeated')
            [CompletionResult]::new('--workspace', '--workspace', [CompletionResultType]::ParameterName, 'Only take in what came back to mailboxes of this workspace; may be repeated')
            [CompletionResult]::new('--campaign', '--campaign', [CompletionResultType]::ParameterName, 'Only take in what belongs to this campaign; may be repeated')
            [CompletionResult]::new('--domain', '--domain', [CompletionResultType]::ParameterName, 'Only take in this recipient domain; may be repeated')
            [CompletionResult]::new('--category', '--category', [CompletionResultType]::ParameterName, 'Only take in this category; may be repeated')
            [CompletionResult]::new('--as-mailbox', '--as-mailbox', [CompletionResultType]::ParameterName, 'The sending mailbox, where the input does not say')
            [CompletionResult]::new('--as-workspace', '--as-workspace', [CompletionResultType]::ParameterName, 'The workspace, where the policy and the input do not say')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Settings [default: ./bounce.toml if there is one]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The clock, for tests and backfills [default: the system''s]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [NO_COLOR is honoured]')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Write keyed hashes instead of addresses, subjects and message-ids')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Exit with 4 if anything was rejected')
            [CompletionResult]::new('--require-proof', '--require-proof', [CompletionResultType]::ParameterName, 'Act only on what is known to answer a mail of yours; the rest goes to review')
            [CompletionResult]::new('--skip-lists', '--skip-lists', [CompletionResultType]::ParameterName, 'Write the skip lists also where they have over a million rows')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the lines of the audit that would be added, and write nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take addresses off the lists by hand')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Take over an existing list: its addresses are suppressed from now on')
            [CompletionResult]::new('why', 'why', [CompletionResultType]::ParameterValue, 'The story of an address: what happened, what was done, on which lists it is')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'bounce;suppress;remove' {
            [CompletionResult]::new('--domain', '--domain', [CompletionResultType]::ParameterName, 'All that bounced at this domain between --since and --until')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'With --domain: from T on')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'With --domain: before T')
            [CompletionResult]::new('--comment', '--comment', [CompletionResultType]::ParameterName, 'Why; it is kept')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The folder of the lists')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'How long to wait for another run that holds DIR, in seconds')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Settings [default: ./bounce.toml if there is one]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The clock, for tests and backfills [default: the system''s]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [NO_COLOR is honoured]')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Write keyed hashes instead of addresses, subjects and message-ids')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the lines of the audit that would be added, and write nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bounce;suppress;import' {
            [CompletionResult]::new('--as-workspace', '--as-workspace', [CompletionResultType]::ParameterName, 'The workspace, where the list does not say')
            [CompletionResult]::new('--comment', '--comment', [CompletionResultType]::ParameterName, 'Where it is from; it is kept')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The folder of the lists; made if there is none')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'How long to wait for another run that holds DIR, in seconds')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Settings [default: ./bounce.toml if there is one]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The clock, for tests and backfills [default: the system''s]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [NO_COLOR is honoured]')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Write keyed hashes instead of addresses, subjects and message-ids')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Exit with 4 if anything was rejected')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the lines of the audit that would be added, and write nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bounce;suppress;why' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The folder of the lists')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to write the story [default: table on a terminal, else ndjson]')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Write keyed hashes instead of addresses, subjects and message-ids')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bounce;suppress;help' {
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take addresses off the lists by hand')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Take over an existing list: its addresses are suppressed from now on')
            [CompletionResult]::new('why', 'why', [CompletionResultType]::ParameterValue, 'The story of an address: what happened, what was done, on which lists it is')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'bounce;suppress;help;remove' {
            break
        }
        'bounce;suppress;help;import' {
            break
        }
        'bounce;suppress;help;why' {
            break
        }
        'bounce;suppress;help;help' {
            break
        }
        'bounce;train' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the model to FILE; replaced as a whole')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the model to FILE; replaced as a whole')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to write the figures [default: table on a terminal, else json]')
            [CompletionResult]::new('--no-base', '--no-base', [CompletionResultType]::ParameterName, 'Train on LABELS alone, without the labels that ship with the program')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Exit with 4 if a line was rejected')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bounce;help' {
            [CompletionResult]::new('classify', 'classify', [CompletionResultType]::ParameterValue, 'Mails in, events out: one JSON object per reported recipient')
            [CompletionResult]::new('report', 'report', [CompletionResultType]::ParameterValue, 'Rates, bands, pauses and patterns of all that bounced')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'What a reply, a code, a log line or a whole mail means, and what to do')
            [CompletionResult]::new('suppress', 'suppress', [CompletionResultType]::ParameterValue, 'Who must not be mailed again, and from where: lists that remember')
            [CompletionResult]::new('train', 'train', [CompletionResultType]::ParameterValue, 'Retrain the model with your corrections, and measure it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'bounce;help;classify' {
            break
        }
        'bounce;help;report' {
            break
        }
        'bounce;help;explain' {
            break
        }
        'bounce;help;suppress' {
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take addresses off the lists by hand')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Take over an existing list: its addresses are suppressed from now on')
            [CompletionResult]::new('why', 'why', [CompletionResultType]::ParameterValue, 'The story of an address: what happened, what was done, on which lists it is')
            break
        }
        'bounce;help;suppress;remove' {
            break
        }
        'bounce;help;suppress;import' {
            break
        }
        'bounce;help;suppress;why' {
            break
        }
        'bounce;help;train' {
            break
        }
        'bounce;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
