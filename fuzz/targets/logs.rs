//! Any bytes as the log of a mail server.
#![no_main]

use bounce::input::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let format = match input.0 % 6 {
        0 => Format::Auto,
        1 => Format::Postfix,
        2 => Format::Exim,
        3 => Format::Qmail,
        4 => Format::OpenSmtpd,
        _ => Format::Sendmail,
    };
    bounce_fuzz::events(input.1, format);
});
