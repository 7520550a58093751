//! Why an answer has its number, in each envelope: the table that the envelopes, documents and tests
//! walk. Sources: the documentation of jisuapi's `/vin/query` and of apistd's `/v4/vin2/query`.

use super::code::Code;
use vin_core::Bilingual;

/// Why an answer has its number, as finely as any of the envelopes tells it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// What the code says, in general.
    Code(Code),
    /// The key is past its end.
    Expired,
    /// The calls of the key for the day are used up.
    DayUsedUp,
    /// There is no VIN.
    NoVin,
    /// The VIN is none.
    BadVin,
    /// There is no key.
    NoKey,
}

/// A row of the table of causes.
#[derive(Clone, Copy, Debug)]
pub struct CauseSpec {
    /// The cause.
    pub cause: Cause,
    /// Our code.
    pub own: Code,
    /// The number on `/vin/query`.
    pub jisuapi: u16,
    /// The number on `/v4/vin2/query`.
    pub apistd: u16,
    /// What it is, where our code does not say so itself.
    pub text: Option<Bilingual>,
}

const fn code(own: Code, jisuapi: u16, apistd: u16) -> CauseSpec {
    CauseSpec {
        cause: Cause::Code(own),
        own,
        jisuapi,
        apistd,
        text: None,
    }
}

const fn fine(
    cause: Cause,
    own: Code,
    jisuapi: u16,
    apistd: u16,
    zh: &'static str,
    en: &'static str,
) -> CauseSpec {
    CauseSpec {
        cause,
        own,
        jisuapi,
        apistd,
        text: Some(Bilingual { zh, en }),
    }
}

/// Every cause with its numbers. What apistd has no number for is its 1001, "as the message says".
pub const CAUSES: &[CauseSpec] = &[
    code(Code::Found, 0, 200),
    code(Code::Account, 103, 601),
    fine(
        Cause::NoKey,
        Code::Request,
        101,
        400,
        "缺少密钥",
        "there is no key",
    ),
    code(Code::Key, 101, 1001),
    fine(
        Cause::Expired,
        Code::Key,
        102,
        1001,
        "密钥已过期",
        "the key is past its end",
    ),
    code(Code::Signature, 103, 1001),
    fine(
        Cause::NoVin,
        Code::Request,
        201,
        400,
        "缺少车架号",
        "there is no VIN",
    ),
    fine(
        Cause::BadVin,
        Code::Request,
        202,
        400,
        "车架号不正确",
        "the VIN is none",
    ),
    code(Code::Request, 202, 400),
    code(Code::Path, 108, 404),
    code(Code::Place, 105, 1001),
    code(Code::Pace, 106, 429),
    fine(
        Cause::DayUsedUp,
        Code::Pace,
        104,
        429,
        "密钥当日次数已用完",
        "the calls of the key for the day are used up",
    ),
    code(Code::Fault, 107, 500),
    code(Code::NoAnswer, 107, 501),
    code(Code::NoRight, 107, 601),
    code(Code::Suspended, 103, 602),
    code(Code::UsedUp, 104, 603),
    code(Code::SwitchedOff, 108, 604),
    code(Code::Unknown, 210, 1003),
];

#[cfg(test)]
mod tests {
    use super::super::code::CODES;
    use super::*;

    #[test]
    fn every_code_has_a_number_in_every_envelope() {
        for spec in CODES {
            let rows = CAUSES
                .iter()
                .filter(|row| row.cause == Cause::Code(spec.code));
            assert_eq!(rows.count(), 1, "{:?}", spec.code);
        }
        let documented = [0, 101, 102, 103, 104, 105, 106, 107, 108, 201, 202, 210];
        let mut numbers: Vec<_> = CAUSES.iter().map(|row| row.jisuapi).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers, documented, "each of jisuapi's, and no other");
        let documented = [200, 400, 404, 429, 500, 501, 601, 602, 603, 604, 1001, 1003];
        let mut numbers: Vec<_> = CAUSES.iter().map(|row| row.apistd).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers, documented, "each of apistd's, and no other");
    }
}
