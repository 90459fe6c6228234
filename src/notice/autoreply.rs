//! stub
use std::borrow::Cow;
/// s
pub struct Signals<'a> {
    /// a
    pub subject: &'a str,
    /// b
    pub from: &'a str,
    /// c
    pub body: &'a str,
    /// d
    pub header: &'a dyn Fn(&str) -> Option<Cow<'a, str>>,
}
/// a
pub struct AutoReply {
    /// a
    pub confidence: f64,
    /// a
    pub evidence: String,
    /// a
    pub left: bool,
}
/// a
pub fn detect(_s: &Signals<'_>) -> Option<AutoReply> {
    None
}
