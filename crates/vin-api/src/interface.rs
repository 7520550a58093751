//! The interfaces of the catalogue: their paths and parameters; the table that routes, documents
//! and tests walk.

use super::param::Param;
use vin_core::Bilingual;

/// An interface of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interface {
    /// Every brand.
    Brands,
    /// The series of a brand.
    Types,
    /// The cars of a series.
    Cars,
    /// A car, group or series with all fields.
    Detail,
    /// A search by what people type.
    Search,
    /// The engine oil of a car.
    Oil,
    /// The gearbox of a car.
    Gearbox,
}

/// Whether a request must have a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It must.
    Must,
    /// It must have one of those marked so.
    One,
    /// It may.
    May,
}

/// A row of the table of interfaces.
#[derive(Clone, Copy, Debug)]
pub struct InterfaceSpec {
    /// Which one it is.
    pub interface: Interface,
    /// Its path.
    pub path: &'static str,
    /// Its name for programs, without the method.
    pub id: &'static str,
    /// What it gives, for people.
    pub text: Bilingual,
    /// Its own parameters; [`COMMON`] come with each.
    pub params: &'static [(Param, Need)],
}

/// The parameters of every interface of the catalogue.
pub const COMMON: [(Param, Need); 3] = [
    (Param::Key, Need::Must),
    (Param::Lang, Need::May),
    (Param::Callback, Need::May),
];

const fn row(
    interface: Interface,
    path: &'static str,
    id: &'static str,
    zh: &'static str,
    en: &'static str,
    params: &'static [(Param, Need)],
) -> InterfaceSpec {
    let text = Bilingual { zh, en };
    InterfaceSpec {
        interface,
        path,
        id,
        text,
        params,
    }
}

const PAGE: (Param, Need) = (Param::Page, Need::May);
const PAGE_SIZE: (Param, Need) = (Param::PageSize, Need::May);

/// Every interface of the catalogue.
pub const INTERFACES: [InterfaceSpec; 7] = [
    row(
        Interface::Brands,
        "/api/car/brand",
        "Brands",
        "全部品牌，按首字母",
        "Every brand, by its letter",
        &[PAGE, PAGE_SIZE],
    ),
    row(
        Interface::Types,
        "/api/car/type",
        "Types",
        "一个品牌的车系，parentid 为品牌 ID",
        "The series of a brand; parentid is the brand's id",
        &[(Param::ParentId, Need::Must), PAGE, PAGE_SIZE],
    ),
    row(
        Interface::Cars,
        "/api/car/car",
        "Cars",
        "一个车系的车，新年款在前，parentid 为车系 ID",
        "The cars of a series, the newest first; parentid is the series' id",
        &[(Param::ParentId, Need::Must), PAGE, PAGE_SIZE],
    ),
    row(
        Interface::Detail,
        "/api/car/detail",
        "Detail",
        "一辆车、一个车组或一个车系的全部字段",
        "A car, a group or a series with all fields",
        &[
            (Param::CarId, Need::One),
            (Param::GroupId, Need::One),
            (Param::TypeId, Need::One),
        ],
    ),
    row(
        Interface::Search,
        "/api/car/search",
        "Search",
        "按中文、拼音、首字母或英文搜索品牌、车系和车",
        "Search brands, series and cars by Chinese, pinyin, initials or English",
        &[(Param::Keyword, Need::Must), PAGE, PAGE_SIZE],
    ),
    row(
        Interface::Oil,
        "/api/vin/oil",
        "Oil",
        "一辆车的机油",
        "The engine oil of a car",
        &[(Param::CarId, Need::Must)],
    ),
    row(
        Interface::Gearbox,
        "/api/vin/gearbox",
        "Gearbox",
        "一辆车的变速箱信息",
        "The gearbox of a car",
        &[(Param::CarId, Need::Must)],
    ),
];

impl Interface {
    /// Its row in the table.
    pub const fn spec(self) -> &'static InterfaceSpec {
        &INTERFACES[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_interface_stands_at_its_place() {
        for (i, row) in INTERFACES.iter().enumerate() {
            assert_eq!(row.interface as usize, i);
            assert_eq!(row.interface.spec().path, row.path);
        }
    }
}
