//! What the caller should know about an answer, beside its fields.

use crate::answer::Year;
use crate::decode::Decoder;
use crate::join::Joined;
use crate::pass::element;
use vin_core::{Bilingual, FieldId, Note, Parsed, Vehicle, model_year};

/// The check digit is wrong.
pub(crate) const CHECK_DIGIT: Note = Note {
    code: "check_digit",
    text: Bilingual {
        zh: "第 9 位校验码与其余字符不符，请核对车架号",
        en: "the check digit in position 9 does not fit the other characters: check the VIN",
    },
};
/// No rule knows the car, and where it was built position 10 need not be the model year.
const YEAR_UNDETERMINED: Note = Note {
    code: "year_undetermined",
    text: Bilingual {
        zh: "现有规则不能由第 10 位确定年份，match.year.candidates 列出可能的年份",
        en: "no rule at hand tells the model year from position 10; match.year.candidates lists what it can mean",
    },
};
/// Position 10 holds a character that stands for no year.
const YEAR_UNKNOWN: Note = Note {
    code: "year_unknown",
    text: Bilingual {
        zh: "第 10 位不是年份码，无法得知年份",
        en: "position 10 holds no year code: the model year is not known",
    },
};
/// The century was taken as likely, not proven.
const YEAR_IN_DOUBT: Note = Note {
    code: "year_in_doubt",
    text: Bilingual {
        zh: "年份由多个可能中取最符合者，请以行驶证为准",
        en: "the model year is the better fitting of several: compare the registration document",
    },
};
/// The caller's year contradicts the VIN.
const YEAR_CONTRADICTS: Note = Note {
    code: "year_contradicts",
    text: Bilingual {
        zh: "传入的年份与车架号第 10 位不符",
        en: "the year that was sent contradicts position 10 of the VIN",
    },
};
/// Some characters are outside the maker's scheme.
const UNKNOWN_CHARACTERS: Note = Note {
    code: "unknown_characters",
    text: Bilingual {
        zh: "部分字符不在该厂商的编码规则内，车型可能不准",
        en: "some characters are outside the maker's scheme: the vehicle may be another one",
    },
};
/// The characters stand for several series.
const SEVERAL_SERIES: Note = Note {
    code: "several_series",
    text: Bilingual {
        zh: "该车架号对应多个车系，见 carlist",
        en: "the VIN stands for several series, see carlist",
    },
};
/// Only the maker is known.
const NO_DETAILS: Note = Note {
    code: "no_details",
    text: Bilingual {
        zh: "现有数据只能识别到品牌",
        en: "the data at hand tell the brand only",
    },
};

/// Several cars remain.
const CONSUMPTION_MEDIAN: Note = Note {
    code: "consumption_median",
    text: Bilingual {
        zh: "综合油耗为可能车型的中位数，各值见 carlist 与 explain",
        en: "the consumption is the median of the cars that remain, see carlist and explain",
    },
};
/// Electricity has no litres.
const CONSUMPTION_ELECTRIC: Note = Note {
    code: "consumption_equivalent",
    text: Bilingual {
        zh: "电耗按等能量汽油折算（每加仑 33.7 千瓦时）",
        en: "the consumption is electricity, counted as petrol of the same energy (33.7 kWh a gallon)",
    },
};

impl Decoder<'_> {
    /// The notes, in a fixed order.
    pub(crate) fn notes(
        &self,
        parsed: &Parsed,
        asked: Option<u16>,
        vehicle: &Vehicle<'_>,
        year: Year,
        tables: bool,
        joined: &Joined,
    ) -> Vec<Note> {
        let codes = self.codes();
        let series_known = vehicle.knows(FieldId::TypeName);
        let candidates = !vehicle.candidates.is_empty();
        let tables = tables && self.item(element::MODEL).is_some();
        let repairs = parsed.repairs.iter();
        let repairs = repairs.map(|repair| Note {
            code: repair.code(),
            text: repair.text(),
        });
        let several = codes.has(2) || codes.has(3) || codes.has(4) || codes.has(5);
        // Another year than the answer's, or one that position 10 cannot mean.
        let code = parsed.vin.year_code();
        let possible = |asked| {
            model_year::newest(code)
                .is_none_or(|newest| newest == asked || newest.checked_sub(30) == Some(asked))
        };
        let contradicts = asked.is_some_and(|asked| {
            !possible(asked) || year.value.is_some_and(|value| value != asked)
        });
        let several_years = model_year::newest(parsed.vin.year_code()).is_some();
        let own = [
            (!parsed.vin.check_digit_is_right(), CHECK_DIGIT),
            (year.value.is_none() && several_years, YEAR_UNDETERMINED),
            (year.value.is_none() && !several_years, YEAR_UNKNOWN),
            (year.value.is_some() && year.in_doubt, YEAR_IN_DOUBT),
            (contradicts, YEAR_CONTRADICTS),
            (several && tables, UNKNOWN_CHARACTERS),
            (candidates && !series_known, SEVERAL_SERIES),
            (!series_known && !candidates, NO_DETAILS),
            (joined.median, CONSUMPTION_MEDIAN),
            (joined.equivalent, CONSUMPTION_ELECTRIC),
        ];
        let own = own
            .into_iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, note)| note);
        repairs.chain(own).collect()
    }
}
