# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_bounce_global_optspecs
    string join \n h/help V/version
end

function __fish_bounce_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_bounce_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_bounce_using_subcommand
    set -l cmd (__fish_bounce_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c bounce -n "__fish_bounce_needs_command" -s h -l help -d 'Print help'
complete -c bounce -n "__fish_bounce_needs_command" -s V -l version -d 'Print version'
complete -c bounce -n "__fish_bounce_needs_command" -f -a "classify" -d 'Mails in, events out: one JSON object per reported recipient'
complete -c bounce -n "__fish_bounce_needs_command" -f -a "report" -d 'Rates, bands, pauses and patterns of all that bounced'
complete -c bounce -n "__fish_bounce_needs_command" -f -a "explain" -d 'What a reply, a code, a log line or a whole mail means, and what to do'
complete -c bounce -n "__fish_bounce_needs_command" -f -a "suppress" -d 'Who must not be mailed again, and from where: lists that remember'
complete -c bounce -n "__fish_bounce_needs_command" -f -a "train" -d 'Retrain the model with your corrections, and measure it'
complete -c bounce -n "__fish_bounce_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l format -d 'How to write the events [default: table on a terminal, else ndjson]' -r -f -a "table\t'For a person: one line an event, then a summary'
ndjson\t'One JSON object a line'
csv\t'All keys as columns'"
complete -c bounce -n "__fish_bounce_using_subcommand classify" -s o -l output -d 'Write to FILE instead of standard output; replaced as a whole when all went well' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l input-format -d 'What the inputs are' -r -f -a "auto\t'By content'
mbox\t'mbox: mboxo, mboxrd, mboxcl, mboxcl2'
maildir\t'Maildir'
eml\t'One mail a file'
ndjson\t'Events that this program wrote; also one event of a platform a line'
csv\t'A table: the export of a platform'
json\t'JSON: events of a platform'
powermta\t'The accounting file of PowerMTA'
postfix\t'The log of Postfix, whatever it calls itself there'
exim\t'The mainlog of Exim'
qmail\t'The log of qmail-send'
opensmtpd\t'The log of OpenSMTPD'
sendmail\t'The log of Sendmail'"
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l map -d 'Columns of a table, or paths in JSON, that are not known by name' -r
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l since -d 'Only events at or after T (RFC 3339, or a date)' -r
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l until -d 'Only events before T' -r
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l last -d 'Only events of the last SPAN before now: 24h, 7d, 2w' -r
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l mailbox -d 'The sending mailbox, where the input does not say' -r
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l workspace -d 'The workspace, where the policy does not say' -r
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l campaign -d 'Only events of this campaign; may be repeated' -r
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l domain -d 'Only events of this recipient domain; may be repeated' -r
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l category -d 'Only events of this category; may be repeated' -r -f -a "hard_bounce\t''
soft_bounce_mailbox\t''
soft_bounce_content\t''
soft_bounce_reputation\t''
auto_reply\t''
complaint\t''
other\t''"
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l rejects -d 'Write what could not be read to FILE: NDJSON with file, index, offset, why' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l threads -d 'Worker threads [default: all cores]; the output is the same whatever N is' -r
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l sent -d 'What was sent: proof that a bounce answers a mail of yours; may be repeated' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l policy -d 'Settings [default: ./bounce.toml if there is one]' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l now -d 'The clock, for tests and backfills [default: the system\'s]' -r
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l color -d 'When to use colours [NO_COLOR is honoured]' -r -f -a "auto\t'On a terminal'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l redact -d 'Write keyed hashes instead of addresses, subjects and message-ids' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l progress -d 'When to show progress on standard error' -r -f -a "auto\t'On a terminal'
never\t'Not at all'"
complete -c bounce -n "__fish_bounce_using_subcommand classify" -l strict -d 'Exit with 4 if anything was rejected'
complete -c bounce -n "__fish_bounce_using_subcommand classify" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c bounce -n "__fish_bounce_using_subcommand classify" -s v -l verbose -d 'Say more on standard error'
complete -c bounce -n "__fish_bounce_using_subcommand classify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bounce -n "__fish_bounce_using_subcommand report" -l input-format -d 'What the inputs are' -r -f -a "auto\t'By content'
mbox\t'mbox: mboxo, mboxrd, mboxcl, mboxcl2'
maildir\t'Maildir'
eml\t'One mail a file'
ndjson\t'Events that this program wrote; also one event of a platform a line'
csv\t'A table: the export of a platform'
json\t'JSON: events of a platform'
powermta\t'The accounting file of PowerMTA'
postfix\t'The log of Postfix, whatever it calls itself there'
exim\t'The mainlog of Exim'
qmail\t'The log of qmail-send'
opensmtpd\t'The log of OpenSMTPD'
sendmail\t'The log of Sendmail'"
complete -c bounce -n "__fish_bounce_using_subcommand report" -l map -d 'Columns of a table, or paths in JSON, that are not known by name' -r
complete -c bounce -n "__fish_bounce_using_subcommand report" -l rejects -d 'Write what could not be read to FILE: NDJSON with file, index, offset, why' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand report" -l threads -d 'Worker threads [default: all cores]; the output is the same whatever N is' -r
complete -c bounce -n "__fish_bounce_using_subcommand report" -l progress -d 'When to show progress on standard error' -r -f -a "auto\t'On a terminal'
never\t'Not at all'"
complete -c bounce -n "__fish_bounce_using_subcommand report" -l sent -d 'What was sent: proof that a bounce answers a mail of yours; may be repeated' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand report" -l format -d 'How to write the report [default: table on a terminal, else json]' -r -f -a "table\t'For a person'
json\t'One JSON object'
csv\t'The groups, one a line'
html\t'One page with charts, of itself'"
complete -c bounce -n "__fish_bounce_using_subcommand report" -s o -l output -d 'Write to FILE instead of standard output; replaced as a whole when all went well' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand report" -l by -d 'What to group by in table, CSV and HTML; JSON has all groups, with provider on demand' -r -f -a "mailbox\t'Sending mailbox'
domain\t'Recipient domain'
provider\t'Who runs the recipient\'s mail'
campaign\t'Campaign'
day\t'UTC day'
category\t'Category'"
complete -c bounce -n "__fish_bounce_using_subcommand report" -l top -d 'How many groups of each kind to show, the most dangerous first; JSON has all of them [default: 10; HTML: charts 10, tables 500; CSV: all]' -r
complete -c bounce -n "__fish_bounce_using_subcommand report" -l since -d 'Only what happened, and what was sent, at or after T (RFC 3339, or a date)' -r
complete -c bounce -n "__fish_bounce_using_subcommand report" -l until -d 'Only what happened, and what was sent, before T' -r
complete -c bounce -n "__fish_bounce_using_subcommand report" -l last -d 'Only the last SPAN before now: 24h, 7d, 2w' -r
complete -c bounce -n "__fish_bounce_using_subcommand report" -l mailbox -d 'Only this sending mailbox; may be repeated' -r
complete -c bounce -n "__fish_bounce_using_subcommand report" -l workspace -d 'Only mailboxes of this workspace; may be repeated' -r
complete -c bounce -n "__fish_bounce_using_subcommand report" -l campaign -d 'Only this campaign; may be repeated' -r
complete -c bounce -n "__fish_bounce_using_subcommand report" -l domain -d 'Only this recipient domain; may be repeated' -r
complete -c bounce -n "__fish_bounce_using_subcommand report" -l category -d 'Only bounces of this category; may be repeated; does not change what was sent' -r -f -a "hard_bounce\t''
soft_bounce_mailbox\t''
soft_bounce_content\t''
soft_bounce_reputation\t''
auto_reply\t''
complaint\t''
other\t''"
complete -c bounce -n "__fish_bounce_using_subcommand report" -l as-mailbox -d 'The sending mailbox, where the input does not say' -r
complete -c bounce -n "__fish_bounce_using_subcommand report" -l as-workspace -d 'The workspace, where the policy and the input do not say' -r
complete -c bounce -n "__fish_bounce_using_subcommand report" -l fail-on -d 'Exit with 3 if the total, a mailbox or a campaign is in this band or a worse one' -r -f -a "caution\t'1 % or more bounced'
danger\t'More than 2 %'
critical\t'More than 5 %'
pause\t'A pause that reaches into the last 24 hours'"
complete -c bounce -n "__fish_bounce_using_subcommand report" -l policy -d 'Settings [default: ./bounce.toml if there is one]' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand report" -l now -d 'The clock, for tests and backfills [default: the system\'s]' -r
complete -c bounce -n "__fish_bounce_using_subcommand report" -l color -d 'When to use colours [NO_COLOR is honoured]' -r -f -a "auto\t'On a terminal'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c bounce -n "__fish_bounce_using_subcommand report" -l redact -d 'Write keyed hashes instead of addresses, subjects and message-ids' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand report" -l strict -d 'Exit with 4 if anything was rejected'
complete -c bounce -n "__fish_bounce_using_subcommand report" -l fail-on-uncertain -d 'With --fail-on BAND: the rate alone decides'
complete -c bounce -n "__fish_bounce_using_subcommand report" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c bounce -n "__fish_bounce_using_subcommand report" -s v -l verbose -d 'Say more on standard error'
complete -c bounce -n "__fish_bounce_using_subcommand report" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bounce -n "__fish_bounce_using_subcommand explain" -l format -d 'How to write the answer [default: table on a terminal, else json]' -r -f -a "table\t'For a person'
json\t'One JSON object'"
complete -c bounce -n "__fish_bounce_using_subcommand explain" -l policy -d 'Settings [default: ./bounce.toml if there is one]' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand explain" -l now -d 'The clock, for tests and backfills [default: the system\'s]' -r
complete -c bounce -n "__fish_bounce_using_subcommand explain" -l color -d 'When to use colours [NO_COLOR is honoured]' -r -f -a "auto\t'On a terminal'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c bounce -n "__fish_bounce_using_subcommand explain" -l redact -d 'Write keyed hashes instead of addresses, subjects and message-ids' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand explain" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c bounce -n "__fish_bounce_using_subcommand explain" -s v -l verbose -d 'Say more on standard error'
complete -c bounce -n "__fish_bounce_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l input-format -d 'What the inputs are' -r -f -a "auto\t'By content'
mbox\t'mbox: mboxo, mboxrd, mboxcl, mboxcl2'
maildir\t'Maildir'
eml\t'One mail a file'
ndjson\t'Events that this program wrote; also one event of a platform a line'
csv\t'A table: the export of a platform'
json\t'JSON: events of a platform'
powermta\t'The accounting file of PowerMTA'
postfix\t'The log of Postfix, whatever it calls itself there'
exim\t'The mainlog of Exim'
qmail\t'The log of qmail-send'
opensmtpd\t'The log of OpenSMTPD'
sendmail\t'The log of Sendmail'"
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l map -d 'Columns of a table, or paths in JSON, that are not known by name' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l rejects -d 'Write what could not be read to FILE: NDJSON with file, index, offset, why' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l threads -d 'Worker threads [default: all cores]; the output is the same whatever N is' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l progress -d 'When to show progress on standard error' -r -f -a "auto\t'On a terminal'
never\t'Not at all'"
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l sent -d 'What was sent: proof that a bounce answers a mail of yours; may be repeated' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l out -d 'The folder of the lists; made if there is none' -r -f -a "(__fish_complete_directories)"
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l reverified -d 'Addresses that were verified again: a table with address and verified_at' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l for -d 'Write the suppression lists for this platform, too, as it imports them: DIR/for/PLATFORM' -r -f -a "apollo\t''
brevo\t''
cakemail\t''
cloudflare\t''
hubspot\t''
instantly\t''
klaviyo\t''
klenty\t''
lemlist\t''
mailchimp\t''
mailgun\t''
mailgun-complaints\t''
mailgun-unsubscribes\t''
mandrill\t''
postmark\t''
reachinbox\t''
sendgrid\t''
ses\t''
sfmc\t''
smartlead\t''
sparkpost\t''
telnyx\t''
woodpecker\t''
none\t''"
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l wait -d 'How long to wait for another run that holds DIR, in seconds' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l since -d 'Only take in what happened at or after T (RFC 3339, or a date)' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l until -d 'Only take in what happened before T' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l last -d 'Only take in what happened in the last SPAN before now: 24h, 7d, 2w' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l mailbox -d 'Only take in what came back to this mailbox; may be repeated' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l workspace -d 'Only take in what came back to mailboxes of this workspace; may be repeated' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l campaign -d 'Only take in what belongs to this campaign; may be repeated' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l domain -d 'Only take in this recipient domain; may be repeated' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l category -d 'Only take in this category; may be repeated' -r -f -a "hard_bounce\t''
soft_bounce_mailbox\t''
soft_bounce_content\t''
soft_bounce_reputation\t''
auto_reply\t''
complaint\t''
other\t''"
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l as-mailbox -d 'The sending mailbox, where the input does not say' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l as-workspace -d 'The workspace, where the policy and the input do not say' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l policy -d 'Settings [default: ./bounce.toml if there is one]' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l now -d 'The clock, for tests and backfills [default: the system\'s]' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l color -d 'When to use colours [NO_COLOR is honoured]' -r -f -a "auto\t'On a terminal'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l redact -d 'Write keyed hashes instead of addresses, subjects and message-ids' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l strict -d 'Exit with 4 if anything was rejected'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l require-proof -d 'Act only on what is known to answer a mail of yours; the rest goes to review'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l skip-lists -d 'Write the skip lists also where they have over a million rows'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -l dry-run -d 'Print the lines of the audit that would be added, and write nothing'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -s v -l verbose -d 'Say more on standard error'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -a "remove" -d 'Take addresses off the lists by hand'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -a "import" -d 'Take over an existing list: its addresses are suppressed from now on'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -a "why" -d 'The story of an address: what happened, what was done, on which lists it is'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and not __fish_seen_subcommand_from remove import why help" -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from remove" -l domain -d 'All that bounced at this domain between --since and --until' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from remove" -l since -d 'With --domain: from T on' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from remove" -l until -d 'With --domain: before T' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from remove" -l comment -d 'Why; it is kept' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from remove" -l out -d 'The folder of the lists' -r -f -a "(__fish_complete_directories)"
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from remove" -l wait -d 'How long to wait for another run that holds DIR, in seconds' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from remove" -l policy -d 'Settings [default: ./bounce.toml if there is one]' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from remove" -l now -d 'The clock, for tests and backfills [default: the system\'s]' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from remove" -l color -d 'When to use colours [NO_COLOR is honoured]' -r -f -a "auto\t'On a terminal'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from remove" -l redact -d 'Write keyed hashes instead of addresses, subjects and message-ids' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from remove" -l dry-run -d 'Print the lines of the audit that would be added, and write nothing'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more on standard error'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from import" -l as-workspace -d 'The workspace, where the list does not say' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from import" -l comment -d 'Where it is from; it is kept' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from import" -l out -d 'The folder of the lists; made if there is none' -r -f -a "(__fish_complete_directories)"
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from import" -l wait -d 'How long to wait for another run that holds DIR, in seconds' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from import" -l policy -d 'Settings [default: ./bounce.toml if there is one]' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from import" -l now -d 'The clock, for tests and backfills [default: the system\'s]' -r
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from import" -l color -d 'When to use colours [NO_COLOR is honoured]' -r -f -a "auto\t'On a terminal'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from import" -l redact -d 'Write keyed hashes instead of addresses, subjects and message-ids' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from import" -l strict -d 'Exit with 4 if anything was rejected'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from import" -l dry-run -d 'Print the lines of the audit that would be added, and write nothing'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Say more on standard error'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from why" -l out -d 'The folder of the lists' -r -f -a "(__fish_complete_directories)"
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from why" -l format -d 'How to write the story [default: table on a terminal, else ndjson]' -r -f -a "table\t'For a person'
ndjson\t'One JSON object a line: events, acts, changes, rows'"
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from why" -l redact -d 'Write keyed hashes instead of addresses, subjects and message-ids' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from why" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Take addresses off the lists by hand'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from help" -f -a "import" -d 'Take over an existing list: its addresses are suppressed from now on'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from help" -f -a "why" -d 'The story of an address: what happened, what was done, on which lists it is'
complete -c bounce -n "__fish_bounce_using_subcommand suppress; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bounce -n "__fish_bounce_using_subcommand train" -s o -l output -d 'Write the model to FILE; replaced as a whole' -r -F
complete -c bounce -n "__fish_bounce_using_subcommand train" -l format -d 'How to write the figures [default: table on a terminal, else json]' -r -f -a "table\t'For a person'
json\t'One JSON object'"
complete -c bounce -n "__fish_bounce_using_subcommand train" -l no-base -d 'Train on LABELS alone, without the labels that ship with the program'
complete -c bounce -n "__fish_bounce_using_subcommand train" -l strict -d 'Exit with 4 if a line was rejected'
complete -c bounce -n "__fish_bounce_using_subcommand train" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c bounce -n "__fish_bounce_using_subcommand train" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bounce -n "__fish_bounce_using_subcommand help; and not __fish_seen_subcommand_from classify report explain suppress train help" -f -a "classify" -d 'Mails in, events out: one JSON object per reported recipient'
complete -c bounce -n "__fish_bounce_using_subcommand help; and not __fish_seen_subcommand_from classify report explain suppress train help" -f -a "report" -d 'Rates, bands, pauses and patterns of all that bounced'
complete -c bounce -n "__fish_bounce_using_subcommand help; and not __fish_seen_subcommand_from classify report explain suppress train help" -f -a "explain" -d 'What a reply, a code, a log line or a whole mail means, and what to do'
complete -c bounce -n "__fish_bounce_using_subcommand help; and not __fish_seen_subcommand_from classify report explain suppress train help" -f -a "suppress" -d 'Who must not be mailed again, and from where: lists that remember'
complete -c bounce -n "__fish_bounce_using_subcommand help; and not __fish_seen_subcommand_from classify report explain suppress train help" -f -a "train" -d 'Retrain the model with your corrections, and measure it'
complete -c bounce -n "__fish_bounce_using_subcommand help; and not __fish_seen_subcommand_from classify report explain suppress train help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bounce -n "__fish_bounce_using_subcommand help; and __fish_seen_subcommand_from suppress" -f -a "remove" -d 'Take addresses off the lists by hand'
complete -c bounce -n "__fish_bounce_using_subcommand help; and __fish_seen_subcommand_from suppress" -f -a "import" -d 'Take over an existing list: its addresses are suppressed from now on'
complete -c bounce -n "__fish_bounce_using_subcommand help; and __fish_seen_subcommand_from suppress" -f -a "why" -d 'The story of an address: what happened, what was done, on which lists it is'
