//! What a verification channel can say: one table, which files and the reference page walk.

use vin_core::Bilingual;

/// Whether a name and a number belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They do.
    Yes,
    /// They do not.
    No,
    /// The channel does not know.
    Unsure,
}

/// The verdicts, by their names in a channel's file.
pub(crate) const VERDICTS: [(&str, Verdict, Bilingual); 3] = [
    (
        "yes",
        Verdict::Yes,
        Bilingual {
            zh: "一致，自动通过",
            en: "they belong together; approved",
        },
    ),
    (
        "no",
        Verdict::No,
        Bilingual {
            zh: "不一致，自动驳回",
            en: "they do not; rejected",
        },
    ),
    (
        "unsure",
        Verdict::Unsure,
        Bilingual {
            zh: "查无此人等，留给人工；未列出的值也算",
            en: "it does not know, a person decides; so does every value that is not listed",
        },
    ),
];
