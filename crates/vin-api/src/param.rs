//! The parameters of the interfaces: their names, and the values that a request gave them.

use std::borrow::Cow;
use vin_core::Bilingual;

/// A parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Param {
    /// The key.
    Key,
    /// The VIN.
    Vin,
    /// The model year that the caller believes in.
    Year,
    /// The language of the answer.
    Lang,
    /// Whether to tell where each value comes from.
    Explain,
    /// The JavaScript function to call with the answer.
    Callback,
    /// The caller's own number for the request.
    ReqId,
    /// The id of a brand or series, whose series or cars are asked for.
    ParentId,
    /// The id of a car.
    CarId,
    /// The id of a group.
    GroupId,
    /// The id of a series.
    TypeId,
    /// What is searched for.
    Keyword,
    /// Which page of a list.
    Page,
    /// How many entries a page has.
    PageSize,
    /// The VINs of a batch.
    Vins,
}

/// A row of the table of parameters.
#[derive(Clone, Copy, Debug)]
pub struct ParamSpec {
    /// Which parameter it is.
    pub param: Param,
    /// Its name in a query, form or JSON object.
    pub name: &'static str,
    /// Whether a look-up of a VIN must have it.
    pub required: bool,
    /// A value to show in the documents.
    pub example: &'static str,
    /// What it is, for people.
    pub text: Bilingual,
}

const fn row(
    param: Param,
    name: &'static str,
    required: bool,
    example: &'static str,
    zh: &'static str,
    en: &'static str,
) -> ParamSpec {
    let text = Bilingual { zh, en };
    ParamSpec {
        param,
        name,
        required,
        example,
        text,
    }
}

/// Every parameter; those of a look-up of a VIN come first.
pub const PARAMS: [ParamSpec; 15] = [
    row(Param::Key, "key", true, "demo", "接口密钥", "The key."),
    row(
        Param::Vin,
        "vin",
        true,
        "1HGCM82633A004352",
        "车架号；小写、空格、全角字符以及字母 O、I、Q 会被修正，并在 match.notes 中说明",
        "The VIN; lower case, spaces, full-width characters and the letters O, I, Q are repaired, which match.notes reports.",
    ),
    row(
        Param::Year,
        "year",
        false,
        "2011",
        "年款提示，四位数字，1980 至后年",
        "A hint of the model year: four digits, 1980 to two years from now.",
    ),
    row(
        Param::Lang,
        "lang",
        false,
        "zh",
        "返回值与提示的语言：zh（默认）或 en",
        "The language of values and texts: zh (default) or en.",
    ),
    row(
        Param::Explain,
        "explain",
        false,
        "0",
        "1：在 data.explain 中列出每个值的来源",
        "1: data.explain tells where each value comes from.",
    ),
    row(
        Param::Callback,
        "callback",
        false,
        "",
        "JSONP 回调函数名：字母、数字、下划线、$，可用点连接，最长 128 个字符",
        "The JSONP function: letters, digits, _ and $, joined by dots, at most 128 characters.",
    ),
    row(
        Param::ReqId,
        "reqid",
        false,
        "",
        "客户端请求编号，最长 64 个可见 ASCII 字符",
        "The client's own number for the request: at most 64 visible ASCII characters.",
    ),
    row(
        Param::ParentId,
        "parentid",
        false,
        "530",
        "上一级的 ID：查车系时为品牌 ID，查车时为车系 ID",
        "The id one level above: of a brand for its series, of a series for its cars.",
    ),
    row(
        Param::CarId,
        "carid",
        false,
        "7131",
        "车 ID",
        "The id of a car.",
    ),
    row(
        Param::GroupId,
        "groupid",
        false,
        "7528",
        "车组 ID",
        "The id of a group.",
    ),
    row(
        Param::TypeId,
        "typeid",
        false,
        "530",
        "车系 ID",
        "The id of a series.",
    ),
    row(
        Param::Keyword,
        "keyword",
        false,
        "bsj",
        "搜索词：中文、拼音、拼音首字母或英文，最长 64 个字符",
        "What to search for: Chinese, pinyin, its initials or English, at most 64 characters.",
    ),
    row(
        Param::Page,
        "page",
        false,
        "1",
        "页码，1 至 1000，默认 1",
        "Which page, 1 to 1000; 1 by default.",
    ),
    row(
        Param::PageSize,
        "pagesize",
        false,
        "20",
        "每页条数，1 至 1000；搜索默认 20，其他默认 1000",
        "Entries per page, 1 to 1000; 20 by default for a search, 1000 elsewhere.",
    ),
    row(
        Param::Vins,
        "vins",
        false,
        "1HGCM82633A004352,WP0AA2978BL012976",
        "批量查询的车架号，最多 100 个：JSON 数组，或以逗号、分号、换行分隔的文本",
        "The VINs of a batch, at most 100: an array of JSON, or a text with commas, semicolons or line feeds between them.",
    ),
];

/// The parameters of a look-up of a VIN.
pub const LOOK_UP: &[ParamSpec] = PARAMS.split_at(Param::ParentId as usize).0;

/// A VIN that shows what an answer looks like.
pub const EXAMPLE_VIN: &str = PARAMS[Param::Vin as usize].example;

/// The values of one request; a parameter that it lacks is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params<'r>([Cow<'r, str>; PARAMS.len()]);

impl<'r> Params<'r> {
    /// The value of a parameter, or `""`.
    pub fn get(&self, param: Param) -> &str {
        &self.0[param as usize]
    }

    /// Gives a parameter a value. An empty one takes nothing away that was given before.
    pub fn set(&mut self, param: Param, value: Cow<'r, str>) {
        if !value.is_empty() {
            self.0[param as usize] = value;
        }
    }
}

/// The parameter of a name. Clients of another service call the key `appkey`.
pub fn by_name(name: &str) -> Option<Param> {
    if name == "appkey" {
        return Some(Param::Key);
    }
    let row = PARAMS.iter().find(|row| row.name == name)?;
    Some(row.param)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_stands_at_its_place() {
        for (i, row) in PARAMS.iter().enumerate() {
            assert_eq!(row.param as usize, i);
            assert_eq!(by_name(row.name), Some(row.param));
        }
        assert_eq!(by_name("Key"), None);
    }
}
