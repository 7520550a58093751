//! The codes of the envelope: the one table that answers, documents and tests walk.

use vin_core::Bilingual;

/// What a code stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// A vehicle was found.
    Found,
    /// The key may not be used.
    Key,
    /// The request is incomplete or malformed.
    Request,
    /// There is no such interface.
    Path,
    /// It is our fault.
    Fault,
    /// Nobody knows the vehicle.
    Unknown,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct CodeSpec {
    /// What it stands for.
    pub code: Code,
    /// The number in the envelope.
    pub number: u16,
    /// The text in the envelope; a request's fault follows it after a colon.
    pub msg: Bilingual,
    /// When it is answered.
    pub when: Bilingual,
    /// Whether such an answer can be charged.
    pub charged: bool,
}

macro_rules! codes {
    ($($code:ident $number:literal $charged:literal $zh:literal $en:literal, $when_zh:literal $when_en:literal;)+) => {
        /// Every code, in the order of its number.
        pub const CODES: &[CodeSpec] = &[
            $(CodeSpec {
                code: Code::$code,
                number: $number,
                msg: Bilingual { zh: $zh, en: $en },
                when: Bilingual { zh: $when_zh, en: $when_en },
                charged: $charged,
            },)+
        ];
    };
}

codes! {
    Found 200 true "成功" "success",
        "查到车辆，至少查到品牌" "a vehicle was found, at least its brand";
    Key 401 false "密钥无效" "the key is not valid",
        "key 不存在、已吊销或已过期" "the key is unknown, revoked or expired";
    Request 403 false "参数缺失或格式错误" "a parameter is missing or malformed",
        "缺少 key 或 vin，vin 修正后仍不是 17 位有效字符，或其他参数、请求体无法识别"
        "key or vin is missing, vin has not 17 valid characters after repair, or another parameter or the body cannot be read";
    Path 404 false "接口不存在" "there is no such interface",
        "请求的路径或方法不存在" "no interface has this path and method";
    Fault 500 false "系统内部错误" "internal error",
        "服务端故障" "the fault is ours";
    Unknown 1003 false "未查到该车架号的车辆" "no vehicle is known for this VIN",
        "连品牌也无法识别" "not even the brand is known";
}

impl Code {
    /// Its row in the table.
    pub const fn spec(self) -> &'static CodeSpec {
        &CODES[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_at_its_place_and_the_numbers_rise() {
        for (i, row) in CODES.iter().enumerate() {
            assert_eq!(row.code as usize, i);
            assert_eq!(row.code.spec().number, row.number);
        }
        assert!(CODES.windows(2).all(|pair| pair[0].number < pair[1].number));
        let numbers: Vec<_> = CODES.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [200, 401, 403, 404, 500, 1003]);
    }
}
