//! HTML made plain, for notifications that say why only there.

/// True if a text that claims to be plain is an HTML document.
pub fn looks_like(text: &str) -> bool {
    let head = text.trim_start();
    let head = head.get(..15).unwrap_or(head).to_ascii_lowercase();
    head.starts_with("<!doctype html") || head.starts_with("<html")
}

/// The visible text: tags dropped, blocks on lines of their own, entities
/// decoded, `style`, `script` and comments left out.
pub fn to_text(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some(lt) = rest.find('<') {
        push_text(&mut out, &rest[..lt]);
        rest = &rest[lt..];
        if rest.starts_with("<!--") {
            rest = rest.find("-->").map_or("", |end| &rest[end + 3..]);
            continue;
        }
        let inner = &rest[1..];
        let is_tag = inner
            .starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!' || c == '?');
        let Some(gt) = rest.find('>').filter(|_| is_tag) else {
            out.push('<');
            rest = inner;
            continue;
        };
        let tag = &rest[1..gt];
        // Sloppy generators leave `<user@example.com>` unescaped: that is text.
        if tag.contains('@') && !tag.contains('=') && !tag.contains(' ') {
            out.push_str(&rest[..=gt]);
            rest = &rest[gt + 1..];
            continue;
        }
        rest = &rest[gt + 1..];
        let name = tag.trim_start_matches('/');
        let name = name
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default();
        let name = name.to_ascii_lowercase();
        if !tag.starts_with('/') && matches!(name.as_str(), "style" | "script" | "title") {
            let close = format!("</{name}");
            rest = find_ignore_case(rest, &close).map_or("", |at| &rest[at..]);
        } else if matches!(
            name.as_str(),
            "br" | "p"
                | "div"
                | "tr"
                | "li"
                | "table"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "pre"
                | "blockquote"
                | "hr"
                | "ul"
                | "ol"
        ) {
            trim_blanks(&mut out);
            if name == "p" || name == "pre" || !out.ends_with('\n') || name == "br" {
                out.push('\n');
            }
        } else if matches!(name.as_str(), "td" | "th") && !out.ends_with([' ', '\n']) {
            out.push(' ');
        }
    }
    push_text(&mut out, rest);
    out
}

fn find_ignore_case(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes()
        .windows(needle.len())
        .position(|w| w.eq_ignore_ascii_case(needle.as_bytes()))
}

fn trim_blanks(out: &mut String) {
    while out.ends_with(' ') {
        out.pop();
    }
}

/// Text between tags: line breaks are blanks there, entities are decoded.
fn push_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '&'
            && let Some((decoded, len)) = entity(rest)
        {
            out.push(decoded);
            rest = &rest[len..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.ends_with([' ', '\n']) && !out.is_empty() {
            out.push(' ');
        }
    }
}

/// The entity at the start of `text` and its length; only those that bounces use.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(10).position(|b| b == b';')?;
    let name = &text[1..end];
    let c = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "auml" => '\u{e4}',
        "ouml" => '\u{f6}',
        "uuml" => '\u{fc}',
        "szlig" => '\u{df}',
        "eacute" => '\u{e9}',
        "egrave" => '\u{e8}',
        "agrave" => '\u{e0}',
        "ccedil" => '\u{e7}',
        "ntilde" => '\u{f1}',
        "ndash" | "mdash" => '-',
        "rsquo" | "lsquo" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            match char::from_u32(code)? {
                '\u{a0}' => ' ',
                c => c,
            }
        }
    };
    Some((c, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i3_html_made_plain() {
        for (html, want) in [
            (
                "<html><body><p>Hi<br>there</p></body></html>",
                "\nHi\nthere\n",
            ),
            ("a<style>p { x }</style>b<!-- c -->d", "abd"),
            ("1 &lt; 2 &amp;&#32;&#x41;&bogus;", "1 < 2 & A&bogus;"),
            ("<tr><td>a</td><td>b</td></tr>", "\na b\n"),
            ("to <user@example.com>: no", "to <user@example.com>: no"),
            ("5 < 6 > 4", "5 < 6 > 4"),
            (
                "<a href=\"mailto:u@example.com\">u@example.com</a>",
                "u@example.com",
            ),
            ("<scr", "<scr"),
        ] {
            assert_eq!(to_text(html).replace("  ", " "), want, "{html}");
        }
    }
}
