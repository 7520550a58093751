//! The columns that a decoded row gets: their types, and those that are no fields of the result.

use vin_core::Bilingual;
use vin_core::field::Kind;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A whole number.
    Int,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A text that is JSON.
    Json,
}

impl Type {
    /// The type in Arrow.
    pub const fn arrow(self) -> &'static str {
        match self {
            Self::Int => "Int64",
            Self::Number => "Float64",
            Self::Text | Self::Json => "Utf8",
        }
    }

    /// The type in Parquet.
    pub const fn parquet(self) -> &'static str {
        match self {
            Self::Int => "INT64",
            Self::Number => "DOUBLE",
            Self::Text | Self::Json => "BYTE_ARRAY (STRING)",
        }
    }
}

/// The type of a field of the result; an object has none, for its members are columns.
pub const fn type_of(kind: Kind) -> Option<Type> {
    match kind {
        Kind::Int => Some(Type::Int),
        Kind::Text | Kind::NullableText => Some(Type::Text),
        Kind::Texts | Kind::Candidates => Some(Type::Json),
        Kind::Object => None,
    }
}

macro_rules! own {
    ($($id:ident $name:literal $kind:ident $vpic:literal $zh:literal $en:literal;)+) => {
        /// A column that is no field of the result.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Own {
            $(#[doc = $en] $id,)+
        }

        /// Every such column: itself, its name, its type, whether it belongs to the pure procedure, its
        /// meaning.
        pub const OWN: &[(Own, &str, Type, bool, Bilingual)] = &[
            $((Own::$id, $name, Type::$kind, $vpic, Bilingual { zh: $zh, en: $en }),)+
        ];
    };
}

own! {
    Status "status" Text false "found 查到，unknown 未查到，refused 不是车架号" "found, unknown, or refused as no VIN";
    Error "error" Text false "拒绝的原因" "why it was refused";
    Level "match.level" Text false "精确程度：brand、type、group、car" "how precisely it is known: brand, type, group, car";
    Confidence "match.confidence" Number false "可信度，0 至 1" "how sure it is, 0 to 1";
    Year "match.year" Int false "由车架号得到的年款" "the model year that the VIN tells";
    Years "match.candidates" Json false "第 10 位可能的年款" "the years that position 10 can mean";
    Notes "match.notes" Json false "提示代码" "the codes of the notes";
    Explain "explain" Json false "每个值的出处，须 --explain" "where each value comes from, with --explain";
    Vin "VIN" Text true "读到的车架号" "the VIN as it was read";
    ModelYear "Model Year of VIN" Int true "选定的年款" "the year that the procedure settled on";
    SuggestedVin "Suggested VIN" Text true "可能的正确车架号" "the VIN that was probably meant";
    ErrorCode "Error Code" Text true "错误码" "the error codes";
    PossibleValues "Possible Values" Text true "错误位可能的字符" "what may stand in the wrong positions";
    AdditionalErrorText "Additional Error Text" Text true "补充说明" "more about the errors";
    ErrorText "Error Text" Text true "错误说明" "the errors in words";
    VehicleDescriptor "Vehicle Descriptor" Text true "车辆描述" "positions 1 to 8, 10 and 11";
}
