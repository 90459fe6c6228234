//! Which part of `03/04/2026` is the month, where the dates of a table tell.
//!
//! A person or a program that writes `25/12/2026` in one row means the same by `03/04/2026`
//! in the next.

use std::borrow::Cow;

/// How dates of a table are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As in the United States.
    MonthFirst,
    /// As elsewhere.
    DayFirst,
}

/// What a cell tells of the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It can be read only so.
    Order(Order),
    /// It can be read both ways, or is empty: the next one may tell.
    Both,
    /// It is no date of this kind.
    Nothing,
}

/// What a cell tells.
pub fn told(cell: &str) -> Told {
    match parts(cell) {
        Some((13..=31, 1..=12, ..)) => Told::Order(Order::DayFirst),
        Some((1..=12, 13..=31, ..)) => Told::Order(Order::MonthFirst),
        Some((1..=12, 1..=12, ..)) => Told::Both,
        _ => Told::Nothing,
    }
}

/// A date with the day first as one with the year first, whatever follows it.
pub fn year_first(cell: Cow<'_, str>) -> Cow<'_, str> {
    match parts(&cell) {
        Some((day @ 1..=31, month @ 1..=12, year, rest)) => {
            Cow::Owned(format!("{year}/{month:02}/{day:02}{rest}"))
        }
        _ => cell,
    }
}

/// `03/04/2026 …`, `3-4-2026 …`: two numbers, the year, and what follows.
fn parts(cell: &str) -> Option<(u8, u8, &str, &str)> {
    let text = cell.trim();
    let sign = *text
        .as_bytes()
        .iter()
        .take(3)
        .find(|b| !b.is_ascii_digit())?;
    if !matches!(sign, b'/' | b'-') {
        return None;
    }
    let sign = char::from(sign);
    let (first, rest) = text.split_once(sign)?;
    let (second, rest) = rest.split_once(sign)?;
    let (year, after) = rest.split_at_checked(4)?;
    let is_year = year.bytes().all(|b| b.is_ascii_digit());
    let ends = !after.starts_with(|c: char| c.is_ascii_digit());
    let number = |text: &str| match text.len() {
        1 | 2 => text.parse::<u8>().ok(),
        _ => None,
    };
    let found = (number(first)?, number(second)?, year, after);
    (is_year && ends).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i5_a_date_tells_the_order_of_the_others() {
        use Order::*;
        for (cell, expected) in [
            ("25/12/2026", Told::Order(DayFirst)),
            ("25-12-2026 10:11", Told::Order(DayFirst)),
            ("12/25/2026 3:04 PM", Told::Order(MonthFirst)),
            ("3/4/2026, 10:11", Told::Both),
            ("2026/12/25", Told::Nothing),
            ("2026-12-25", Told::Nothing),
            ("25.12.2026", Told::Nothing),
            ("13/14/2026", Told::Nothing),
            ("1/2/20267", Told::Nothing),
            ("1793700672", Told::Nothing),
            ("ü/1/2026", Told::Nothing),
            ("", Told::Nothing),
        ] {
            assert_eq!(told(cell), expected, "{cell}");
        }
        for (cell, expected) in [
            ("3/4/2026 2:05 PM", "2026/04/03 2:05 PM"),
            ("03-11-2026 10:11:12", "2026/11/03 10:11:12"),
            ("12/25/2026", "12/25/2026"),
            ("Nov 3, 2026", "Nov 3, 2026"),
        ] {
            assert_eq!(year_first(cell.into()), expected, "{cell}");
        }
    }
}
