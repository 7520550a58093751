//! The formats that upstreams speak: envelopes, codes, and one vehicle each.

/// The format of one preset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `{"code":200,"data":{"order_no","result"}}`, also that of another Chejia.
    Connapi,
    /// `{"status":0,"result"}`.
    Jisuapi,
    /// `{"success":true,"code":200,"data":{"order_no","result"}}`.
    Apistd,
    /// `{"code":200,"taskNo","data"}`.
    Jumdata,
    /// `{"Count":1,"Results":[…]}`, in English.
    Vpic,
}

/// What can be said instead of a vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Nothing is known of the VIN.
    NoRecord,
    /// The calls are used up.
    Quota,
    /// The key opens nothing.
    NoRight,
    /// Too many questions.
    Busy,
    /// The VIN is none.
    BadVin,
    /// The upstream failed.
    Failed,
    /// A code that no document names.
    Unheard,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 5] = [
        Self::Connapi,
        Self::Jisuapi,
        Self::Apistd,
        Self::Jumdata,
        Self::Vpic,
    ];

    /// An answer with its vehicle.
    pub(super) fn hit(self, vin: &str) -> String {
        let sample = match self {
            Self::Connapi => include_str!("../../samples/connapi.json"),
            Self::Jisuapi => include_str!("../../samples/jisuapi.json"),
            Self::Apistd => include_str!("../../samples/apistd.json"),
            Self::Jumdata => include_str!("../../samples/jumdata.json"),
            Self::Vpic => include_str!("../../samples/vpic.json"),
        };
        sample.replace("{vin}", vin)
    }

    /// An answer without one.
    pub(super) fn word(self, word: Word) -> String {
        let code = match (self, word) {
            (Self::Jisuapi, Word::NoRecord) => 210,
            (Self::Jisuapi, Word::Quota) => 104,
            (Self::Jisuapi, Word::NoRight) => 101,
            (Self::Jisuapi, Word::Busy) => 106,
            (Self::Jisuapi, Word::BadVin) => 202,
            (Self::Jisuapi, Word::Failed) => 107,
            (_, Word::NoRecord) => 1003,
            (_, Word::Quota) => 603,
            (_, Word::NoRight) => 601,
            (_, Word::Busy) => 429,
            (Self::Connapi, Word::BadVin) => 403,
            (_, Word::BadVin) => 400,
            (_, Word::Failed) => 500,
            (_, Word::Unheard) => 98_765,
        };
        match self {
            Self::Jisuapi => format!(r#"{{"status":{code},"msg":"word","result":""}}"#),
            Self::Vpic => {
                let empty = r#""Make":"","MakeID":"","Model":"","ModelYear":"","ErrorCode":"7""#;
                format!(r#"{{"Count":1,"Message":"","Results":[{{{empty}}}]}}"#)
            }
            Self::Connapi | Self::Apistd | Self::Jumdata => {
                format!(r#"{{"code":{code},"msg":"word","data":null}}"#)
            }
        }
    }
}
