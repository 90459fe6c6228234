
use builtin;
use str;

set edit:completion:arg-completer[bounce] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'bounce'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'bounce'= {
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand classify 'Mails in, events out: one JSON object per reported recipient'
            cand report 'Rates, bands, pauses and patterns of all that bounced'
            cand explain 'What a reply, a code, a log line or a whole mail means, and what to do'
            cand suppress 'Who must not be mailed again, and from where: lists that remember'
            cand train 'Retrain the model with your corrections, and measure it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'bounce;classify'= {
            cand --format 'How to write the events [default: table on a terminal, else ndjson]'
            cand -o 'Write to FILE instead of standard output; replaced as a whole when all went well'
            cand --output 'Write to FILE instead of standard output; replaced as a whole when all went well'
            cand --input-format 'What the inputs are'
            cand --map 'Columns of a table, or paths in JSON, that are not known by name'
            cand --since 'Only events at or after T (RFC 3339, or a date)'
            cand --until 'Only events before T'
            cand --last 'Only events of the last SPAN before now: 24h, 7d, 2w'
            cand --mailbox 'The sending mailbox, where the input does not say'
            cand --workspace 'The workspace, where the policy does not say'
            cand --campaign 'Only events of this campaign; may be repeated'
            cand --domain 'Only events of this recipient domain; may be repeated'
            cand --category 'Only events of this category; may be repeated'
            cand --rejects 'Write what could not be read to FILE: NDJSON with file, index, offset, why'
            cand --threads 'Worker threads [default: all cores]; the output is the same whatever N is'
            cand --sent 'What was sent: proof that a bounce answers a mail of yours; may be repeated'
            cand --policy 'Settings [default: ./bounce.toml if there is one]'
            cand --now 'The clock, for tests and backfills [default: the system''s]'
            cand --color 'When to use colours [NO_COLOR is honoured]'
            cand --redact 'Write keyed hashes instead of addresses, subjects and message-ids'
            cand --progress 'When to show progress on standard error'
            cand --strict 'Exit with 4 if anything was rejected'
            cand -q 'Say nothing on standard error but errors'
            cand --quiet 'Say nothing on standard error but errors'
            cand -v 'Say more on standard error'
            cand --verbose 'Say more on standard error'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bounce;report'= {
            cand --input-format 'What the inputs are'
            cand --map 'Columns of a table, or paths in JSON, that are not known by name'
            cand --rejects 'Write what could not be read to FILE: NDJSON with file, index, offset, why'
            cand --threads 'Worker threads [default: all cores]; the output is the same whatever N is'
            cand --progress 'When to show progress on standard error'
            cand --sent 'What was sent: proof that a bounce answers a mail of yours; may be repeated'
            cand --format 'How to write the report [default: table on a terminal, else json]'
            cand -o 'Write to FILE instead of standard output; replaced as a whole when all went well'
            cand --output 'Write to FILE instead of standard output; replaced as a whole when all went well'
            cand --by 'What to group by in table, CSV and HTML; JSON has all groups, with provider on demand'
            cand --top 'How many groups of each kind to show, the most dangerous first; JSON has all of them [default: 10; HTML: charts 10, tables 500; CSV: all]'
            cand --since 'Only what happened, and what was sent, at or after T (RFC 3339, or a date)'
            cand --until 'Only what happened, and what was sent, before T'
            cand --last 'Only the last SPAN before now: 24h, 7d, 2w'
            cand --mailbox 'Only this sending mailbox; may be repeated'
            cand --workspace 'Only mailboxes of this workspace; may be repeated'
            cand --campaign 'Only this campaign; may be repeated'
            cand --domain 'Only this recipient domain; may be repeated'
            cand --category 'Only bounces of this category; may be repeated; does not change what was sent'
            cand --as-mailbox 'The sending mailbox, where the input does not say'
            cand --as-workspace 'The workspace, where the policy and the input do not say'
            cand --fail-on 'Exit with 3 if the total, a mailbox or a campaign is in this band or a worse one'
            cand --policy 'Settings [default: ./bounce.toml if there is one]'
            cand --now 'The clock, for tests and backfills [default: the system''s]'
            cand --color 'When to use colours [NO_COLOR is honoured]'
            cand --redact 'Write keyed hashes instead of addresses, subjects and message-ids'
            cand --strict 'Exit with 4 if anything was rejected'
            cand --fail-on-uncertain 'With --fail-on BAND: the rate alone decides'
            cand -q 'Say nothing on standard error but errors'
            cand --quiet 'Say nothing on standard error but errors'
            cand -v 'Say more on standard error'
            cand --verbose 'Say more on standard error'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bounce;explain'= {
            cand --format 'How to write the answer [default: table on a terminal, else json]'
            cand --policy 'Settings [default: ./bounce.toml if there is one]'
            cand --now 'The clock, for tests and backfills [default: the system''s]'
            cand --color 'When to use colours [NO_COLOR is honoured]'
            cand --redact 'Write keyed hashes instead of addresses, subjects and message-ids'
            cand -q 'Say nothing on standard error but errors'
            cand --quiet 'Say nothing on standard error but errors'
            cand -v 'Say more on standard error'
            cand --verbose 'Say more on standard error'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bounce;suppress'= {
            cand --input-format 'What the inputs are'
            cand --map 'Columns of a table, or paths in JSON, that are not known by name'
            cand --rejects 'Write what could not be read to FILE: NDJSON with file, index, offset, why'
            cand --threads 'Worker threads [default: all cores]; the output is the same whatever N is'
            cand --progress 'When to show progress on standard error'
            cand --sent 'What was sent: proof that a bounce answers a mail of yours; may be repeated'
            cand --out 'The folder of the lists; made if there is none'
            cand --reverified 'Addresses that were verified again: a table with address and verified_at'
            cand --for 'Write the suppression lists for this platform, too, as it imports them: DIR/for/PLATFORM'
            cand --wait 'How long to wait for another run that holds DIR, in seconds'
            cand --since 'Only take in what happened at or after T (RFC 3339, or a date)'
            cand --until 'Only take in what happened before T'
            cand --last 'Only take in what happened in the last SPAN before now: 24h, 7d, 2w'
            cand --mailbox 'Only take in what came back to this mailbox; may be repeated'
            cand --workspace 'Only take in what came back to mailboxes of this workspace; may be repeated'
            cand --campaign 'Only take in what belongs to this campaign; may be repeated'
            cand --domain 'Only take in this recipient domain; may be repeated'
            cand --category 'Only take in this category; may be repeated'
            cand --as-mailbox 'The sending mailbox, where the input does not say'
            cand --as-workspace 'The workspace, where the policy and the input do not say'
            cand --policy 'Settings [default: ./bounce.toml if there is one]'
            cand --now 'The clock, for tests and backfills [default: the system''s]'
            cand --color 'When to use colours [NO_COLOR is honoured]'
            cand --redact 'Write keyed hashes instead of addresses, subjects and message-ids'
            cand --strict 'Exit with 4 if anything was rejected'
            cand --require-proof 'Act only on what is known to answer a mail of yours; the rest goes to review'
            cand --skip-lists 'Write the skip lists also where they have over a million rows'
            cand --dry-run 'Print the lines of the audit that would be added, and write nothing'
            cand -q 'Say nothing on standard error but errors'
            cand --quiet 'Say nothing on standard error but errors'
            cand -v 'Say more on standard error'
            cand --verbose 'Say more on standard error'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand remove 'Take addresses off the lists by hand'
            cand import 'Take over an existing list: its addresses are suppressed from now on'
            cand why 'The story of an address: what happened, what was done, on which lists it is'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'bounce;suppress;remove'= {
            cand --domain 'All that bounced at this domain between --since and --until'
            cand --since 'With --domain: from T on'
            cand --until 'With --domain: before T'
            cand --comment 'Why; it is kept'
            cand --out 'The folder of the lists'
            cand --wait 'How long to wait for another run that holds DIR, in seconds'
            cand --policy 'Settings [default: ./bounce.toml if there is one]'
            cand --now 'The clock, for tests and backfills [default: the system''s]'
            cand --color 'When to use colours [NO_COLOR is honoured]'
            cand --redact 'Write keyed hashes instead of addresses, subjects and message-ids'
            cand --dry-run 'Print the lines of the audit that would be added, and write nothing'
            cand -q 'Say nothing on standard error but errors'
            cand --quiet 'Say nothing on standard error but errors'
            cand -v 'Say more on standard error'
            cand --verbose 'Say more on standard error'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bounce;suppress;import'= {
            cand --as-workspace 'The workspace, where the list does not say'
            cand --comment 'Where it is from; it is kept'
            cand --out 'The folder of the lists; made if there is none'
            cand --wait 'How long to wait for another run that holds DIR, in seconds'
            cand --policy 'Settings [default: ./bounce.toml if there is one]'
            cand --now 'The clock, for tests and backfills [default: the system''s]'
            cand --color 'When to use colours [NO_COLOR is honoured]'
            cand --redact 'Write keyed hashes instead of addresses, subjects and message-ids'
            cand --strict 'Exit with 4 if anything was rejected'
            cand --dry-run 'Print the lines of the audit that would be added, and write nothing'
            cand -q 'Say nothing on standard error but errors'
            cand --quiet 'Say nothing on standard error but errors'
            cand -v 'Say more on standard error'
            cand --verbose 'Say more on standard error'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bounce;suppress;why'= {
            cand --out 'The folder of the lists'
            cand --format 'How to write the story [default: table on a terminal, else ndjson]'
            cand --redact 'Write keyed hashes instead of addresses, subjects and message-ids'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bounce;suppress;help'= {
            cand remove 'Take addresses off the lists by hand'
            cand import 'Take over an existing list: its addresses are suppressed from now on'
            cand why 'The story of an address: what happened, what was done, on which lists it is'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'bounce;suppress;help;remove'= {
        }
        &'bounce;suppress;help;import'= {
        }
        &'bounce;suppress;help;why'= {
        }
        &'bounce;suppress;help;help'= {
        }
        &'bounce;train'= {
            cand -o 'Write the model to FILE; replaced as a whole'
            cand --output 'Write the model to FILE; replaced as a whole'
            cand --format 'How to write the figures [default: table on a terminal, else json]'
            cand --no-base 'Train on LABELS alone, without the labels that ship with the program'
            cand --strict 'Exit with 4 if a line was rejected'
            cand -q 'Say nothing on standard error but errors'
            cand --quiet 'Say nothing on standard error but errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bounce;help'= {
            cand classify 'Mails in, events out: one JSON object per reported recipient'
            cand report 'Rates, bands, pauses and patterns of all that bounced'
            cand explain 'What a reply, a code, a log line or a whole mail means, and what to do'
            cand suppress 'Who must not be mailed again, and from where: lists that remember'
            cand train 'Retrain the model with your corrections, and measure it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'bounce;help;classify'= {
        }
        &'bounce;help;report'= {
        }
        &'bounce;help;explain'= {
        }
        &'bounce;help;suppress'= {
            cand remove 'Take addresses off the lists by hand'
            cand import 'Take over an existing list: its addresses are suppressed from now on'
            cand why 'The story of an address: what happened, what was done, on which lists it is'
        }
        &'bounce;help;suppress;remove'= {
        }
        &'bounce;help;suppress;import'= {
        }
        &'bounce;help;suppress;why'= {
        }
        &'bounce;help;train'= {
        }
        &'bounce;help;help'= {
        }
    ]
    $completions[$command]
}
