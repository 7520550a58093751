//! The codes of the envelope: the one table that answers, documents and tests walk.

use vin_core::Bilingual;

/// What a code stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// A vehicle was found.
    Found,
    /// The account may not use the interface.
    Account,
    /// The key may not be used.
    Key,
    /// The signature is not right.
    Signature,
    /// The request is incomplete or malformed.
    Request,
    /// There is no such interface.
    Path,
    /// The key may not be used from there.
    Place,
    /// The key is used too much.
    Pace,
    /// It is our fault.
    Fault,
    /// No channel has answered.
    NoAnswer,
    /// The channels do not let us in.
    NoRight,
    /// The account is suspended.
    Suspended,
    /// The balance is used up.
    UsedUp,
    /// The interface is switched off.
    SwitchedOff,
    /// Nobody knows the vehicle, or the catalogue has no such id.
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
        "查到车辆，至少查到品牌；车型大全有结果" "a vehicle was found, at least its brand; the catalogue has an answer";
    Account 400 false "账户无权使用该接口" "the account may not use this interface",
        "未实名认证，或从未开通套餐" "the real name is not verified, or the account never held a package";
    Key 401 false "密钥无效" "the key is not valid",
        "key 不存在、已吊销或已过期" "the key is unknown, revoked or expired";
    Signature 402 false "签名错误" "the signature is not right",
        "密钥要求签名，而签名缺失或错误、timestamp 相差超过 300 秒，或 nonce 已用过"
        "the key demands a signature and it is missing or wrong, the timestamp is more than 300 seconds off, or the nonce was used before";
    Request 403 false "参数缺失或格式错误" "a parameter is missing or malformed",
        "缺少 key、vin 或接口必需的其他参数，vin 修正后仍不是 17 位有效字符，reqid 已用于其他请求，或其他参数、请求体无法识别"
        "key, vin or another parameter that the interface needs is missing, vin has not 17 valid characters after repair, reqid stands for another request, or another parameter or the body cannot be read";
    Path 404 false "接口不存在" "there is no such interface",
        "请求的路径或方法不存在" "no interface has this path and method";
    Place 406 false "来源不被允许" "not allowed from there",
        "客户端 IP 或 Referer 不在密钥的允许名单中" "the client's address or Referer is not on the key's list";
    Pace 429 false "请求过于频繁" "too many requests",
        "超过密钥的频率或每日上限" "over the key's rate or daily cap";
    Fault 500 false "系统内部错误" "internal error",
        "服务端故障" "the fault is ours";
    NoAnswer 501 false "数据通道异常" "no data channel answered",
        "每个通道都失败或超时，本地数据也无法识别" "every channel failed or timed out, and the data at hand know nothing";
    NoRight 601 false "服务商未开通数据通道权限" "the provider lacks the right to its data channels",
        "每个可用的通道都表示服务商没有权限或次数已用完" "every usable channel says that the provider has no right or has used it up";
    Suspended 602 false "账户已停用" "the account is suspended",
        "账户被停用" "the account is suspended";
    UsedUp 603 false "余额不足" "the balance is used up",
        "套餐次数已用完或已到期" "every package is used up or has expired";
    SwitchedOff 604 false "接口已停用" "the interface is switched off",
        "运营者停用了该接口" "the operator switched this interface off";
    Unknown 1003 false "未查到相应的车辆" "no such vehicle is known",
        "没有通道能识别，连品牌也不能；或车型大全中没有该编号" "no channel knows even the brand, or the catalogue has no such id";
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
        assert_eq!(
            numbers,
            [
                200, 400, 401, 402, 403, 404, 406, 429, 500, 501, 601, 602, 603, 604, 1003
            ]
        );
    }
}
