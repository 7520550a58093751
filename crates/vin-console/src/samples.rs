//! Programs in the languages of callers, ready to run: each looks one vehicle up, with and without a
//! signature. The texts are files; what a visitor sees is filled with an own key and VIN.

/// A language, and its two programs.
pub struct Sample {
    /// Its name in addresses.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// How its files end.
    pub ending: &'static str,
    plain: &'static str,
    signed: &'static str,
}

macro_rules! samples {
    ($($id:literal $title:literal $ending:literal;)+) => {
        /// Every language.
        pub const SAMPLES: &[Sample] = &[$(Sample {
            id: $id,
            title: $title,
            ending: $ending,
            plain: include_str!(concat!("../samples/", $id, ".plain.", $ending)),
            signed: include_str!(concat!("../samples/", $id, ".signed.", $ending)),
        },)+];
    };
}

samples! {
    "shell" "Shell" "sh";
    "php" "PHP" "php";
    "jquery" "JavaScript / jQuery" "js";
    "e" "易语言" "txt";
    "java" "Java" "java";
    "go" "Go" "go";
    "python" "Python" "py";
    "node" "Node.js" "mjs";
    "c" "C" "c";
    "cpp" "C++" "cpp";
    "csharp" "C#" "cs";
    "vb" "VB" "vb";
}

/// What a program is filled with. Keys and VINs are letters and digits and stand in every language
/// as they are; so does a base address, which is read as one when the server starts.
pub struct Filling<'a> {
    /// What comes before the path of an address.
    pub base: &'a str,
    /// The key.
    pub key: &'a str,
    /// The signing secret.
    pub secret: &'a str,
    /// The VIN.
    pub vin: &'a str,
}

impl Sample {
    /// The language of that name.
    pub fn find(id: &str) -> Option<&'static Self> {
        SAMPLES.iter().find(|sample| sample.id == id)
    }

    /// The program.
    pub fn filled(&self, signed: bool, with: &Filling<'_>) -> String {
        let text = if signed { self.signed } else { self.plain };
        text.replace("@BASE@", with.base)
            .replace("@KEY@", with.key)
            .replace("@SECRET@", with.secret)
            .replace("@VIN@", with.vin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_is_filled_whole_and_signs_only_when_it_says_so() {
        let with = Filling {
            base: "http://127.0.0.1:8080",
            key: "0123456789abcdef",
            secret: "fedcba9876543210",
            vin: "1HGCM82633A004352",
        };
        for sample in SAMPLES {
            for signed in [false, true] {
                let text = sample.filled(signed, &with);
                assert!(
                    !text.contains("@BASE@") && !text.contains("@VIN@"),
                    "{}",
                    sample.id
                );
                for part in [with.base, with.key, with.vin, "/api/vin/get"] {
                    assert!(text.contains(part), "{} lacks {part}", sample.id);
                }
                assert_eq!(text.contains(with.secret), signed, "{}", sample.id);
            }
        }
    }
}
