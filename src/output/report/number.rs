//! Numbers and moments as people read them.

use crate::report::summary::{Figures, Value};

/// `1,234,567`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A fraction as `5.25 %`, `12.5 %`, `100 %`: as many digits as mean something.
pub fn percent(fraction: f64) -> String {
    format!("{} %", digits(fraction))
}

/// The same with no more decimals than it has: `2 %`, `0.1 %`. For limits.
pub fn short_percent(fraction: f64) -> String {
    format!("{} %", (fraction * 1e6).round() / 1e4)
}

fn digits(fraction: f64) -> String {
    let percent = fraction * 100.0;
    if fraction >= 1.0 {
        "100".to_owned()
    } else if percent >= 9.995 {
        format!("{percent:.1}")
    } else {
        format!("{percent:.2}")
    }
}

/// The interval of a rate, in per cent: `3.76–7.28`.
pub fn interval(figures: &Figures) -> Option<String> {
    let (low, high) = figures.rate_low.zip(figures.rate_high)?;
    Some(format!("{}–{}", digits(low), digits(high)))
}

/// A figure of a pause or an alert; fractions are shares of 1 unless `counted`.
pub fn value(value: Value, counted: bool) -> String {
    match value {
        Value::Count(n) => count(n),
        Value::Fraction(f) if counted => format!("{}", (f * 100.0).round() / 100.0),
        Value::Fraction(f) => percent(f),
    }
}

/// What a figure is measured against.
pub fn limit(limit: Value, counted: bool) -> String {
    match limit {
        Value::Fraction(f) if !counted => short_percent(f),
        other => value(other, counted),
    }
}

/// True of a number of things. What it is measured against is one, too, even where it is
/// no whole number.
pub const fn is_counted(value: Value) -> bool {
    matches!(value, Value::Count(_))
}

/// `2026-11-03 09:12` of an RFC 3339 moment in UTC.
pub fn minute(moment: &str) -> String {
    moment
        .get(..16)
        .map_or_else(|| moment.to_owned(), |m| m.replace('T', " "))
}

/// `2026-11-03` of an RFC 3339 moment in UTC.
pub fn day(moment: &str) -> &str {
    moment.get(..10).unwrap_or(moment)
}

/// `3 Nov` of `2026-11-03`.
pub fn short_day(day: &str) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let month = day.get(5..7).and_then(|m| m.parse::<usize>().ok());
    let name = month.and_then(|m| MONTHS.get(m.checked_sub(1)?));
    match (name, day.get(8..10)) {
        (Some(name), Some(day)) => format!("{} {name}", day.trim_start_matches('0')),
        _ => day.to_owned(),
    }
}

/// `1 mail`, `2 mails`.
pub fn of(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p6_counts_are_grouped_by_thousands() {
        for (n, expected) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(count(n), expected);
        }
    }

    #[test]
    fn p6_rates_have_the_digits_that_mean_something() {
        for (fraction, expected, short) in [
            (0.0, "0.00 %", "0 %"),
            (0.00318, "0.32 %", "0.318 %"),
            (0.02, "2.00 %", "2 %"),
            (0.001, "0.10 %", "0.1 %"),
            (0.09994, "9.99 %", "9.994 %"),
            (0.09996, "10.0 %", "9.996 %"),
            (0.125, "12.5 %", "12.5 %"),
            (0.9999, "100.0 %", "99.99 %"),
            (1.0, "100 %", "100 %"),
        ] {
            assert_eq!(percent(fraction), expected);
            assert_eq!(short_percent(fraction), short);
        }
    }

    #[test]
    fn p6_moments_are_shortened() {
        for (moment, expected) in [
            ("2026-11-03T09:12:44Z", "2026-11-03 09:12"),
            ("2026-11-03", "2026-11-03"),
            ("", ""),
        ] {
            assert_eq!(minute(moment), expected);
        }
        for (day, expected) in [
            ("2026-11-03", "3 Nov"),
            ("2026-12-30", "30 Dec"),
            ("2026-13-01", "2026-13-01"),
            ("?", "?"),
        ] {
            assert_eq!(short_day(day), expected);
        }
    }

    #[test]
    fn p5_figures_of_alerts() {
        for (figure, threshold, expected) in [
            (
                Value::Fraction(0.666667),
                Value::Fraction(0.4),
                ("66.7 %", "40 %"),
            ),
            (Value::Count(21), Value::Count(20), ("21", "20")),
            // three times the daily mean of a week
            (Value::Count(9), Value::Fraction(4.285714), ("9", "4.29")),
        ] {
            let counted = is_counted(figure);
            assert_eq!(value(figure, counted), expected.0);
            assert_eq!(limit(threshold, counted), expected.1);
        }
    }
}
