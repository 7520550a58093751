//! From parameters to what is asked of the catalogue.

use crate::fault::Fault;
use crate::interface::{Interface, Need};
use crate::limits::{KEYWORD_CHARS, PAGE_SIZE, PAGES, SEARCH_PAGE_SIZE};
use crate::param::{PARAMS, Param, Params};
use std::ops::Range;
use vin_core::{Lang, Vehicle};
use vin_service::Shelf;

/// What is asked.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    /// Every brand.
    Brands(Page),
    /// The series of a brand.
    Types(u32, Page),
    /// The cars of a series.
    Cars(u32, Page),
    /// What a keyword finds.
    Search(String, Page),
    /// One car, group or series.
    One(One),
}

/// A page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its number, from 1.
    pub number: usize,
    /// How many entries it has.
    pub size: usize,
}

/// A number of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum One {
    /// `carid`
    Car(u32),
    /// `groupid`
    Group(u32),
    /// `typeid`
    Type(u32),
}

impl Asked {
    /// Reads the parameters of an interface.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn of(interface: Interface, params: &Params<'_>) -> Result<Self, Fault> {
        // What is missing is told before what is wrong.
        for (param, need) in interface.spec().params {
            if *need == Need::Must && params.get(*param).trim().is_empty() {
                return Err(Fault::Missing(name(*param)));
            }
        }
        let parent = || id(params, Param::ParentId)?.ok_or(Fault::Missing(name(Param::ParentId)));
        Ok(match interface {
            Interface::Brands => Self::Brands(page(params, PAGE_SIZE)?),
            Interface::Types => Self::Types(parent()?, page(params, PAGE_SIZE)?),
            Interface::Cars => Self::Cars(parent()?, page(params, PAGE_SIZE)?),
            Interface::Search => {
                let keyword = params.get(Param::Keyword).trim();
                if keyword.chars().count() > KEYWORD_CHARS {
                    return Err(Fault::Keyword);
                }
                Self::Search(keyword.to_owned(), page(params, SEARCH_PAGE_SIZE)?)
            }
            Interface::Detail | Interface::Oil | Interface::Gearbox => Self::One(one(params)?),
        })
    }
}

/// The most precise of the numbers that the request gives.
fn one(params: &Params<'_>) -> Result<One, Fault> {
    let car = id(params, Param::CarId)?.map(One::Car);
    let group = id(params, Param::GroupId)?.map(One::Group);
    let kind = id(params, Param::TypeId)?.map(One::Type);
    car.or(group).or(kind).ok_or(Fault::NoId)
}

impl One {
    /// What the catalogue knows of it.
    pub fn look_up(self, shelf: &Shelf, lang: Lang) -> Option<Vehicle<'_>> {
        match self {
            Self::Car(id) => shelf.car(id, lang),
            Self::Group(id) => shelf.group(id, lang),
            Self::Type(id) => shelf.kind(id, lang),
        }
    }

    /// Its name in `level`.
    pub const fn level(self) -> &'static str {
        match self {
            Self::Car(_) => "car",
            Self::Group(_) => "group",
            Self::Type(_) => "type",
        }
    }
}

impl Page {
    /// The entries that it shows.
    pub fn range(self) -> Range<usize> {
        let first = (self.number - 1) * self.size;
        first..first + self.size
    }
}

fn name(param: Param) -> &'static str {
    PARAMS[param as usize].name
}

fn id(params: &Params<'_>, param: Param) -> Result<Option<u32>, Fault> {
    match params.get(param).trim() {
        "" => Ok(None),
        text => match digits(text) {
            Some(id) if id > 0 => Ok(Some(id)),
            _ => Err(Fault::Id(name(param))),
        },
    }
}

fn page(params: &Params<'_>, usual: usize) -> Result<Page, Fault> {
    let number = |param, usual: usize, most: usize| match params.get(param).trim() {
        "" => Some(usual),
        text => digits(text)
            .map(|number| number as usize)
            .filter(|number| (1..=most).contains(number)),
    };
    Ok(Page {
        number: number(Param::Page, 1, PAGES).ok_or(Fault::Page)?,
        size: number(Param::PageSize, usual, PAGE_SIZE).ok_or(Fault::PageSize)?,
    })
}

/// A whole number without a sign.
fn digits(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form;

    #[track_caller]
    fn check(interface: Interface, query: &str, expected: Result<Asked, Fault>) {
        let mut params = Params::default();
        form::read(query.as_bytes(), &mut params);
        assert_eq!(Asked::of(interface, &params), expected, "{query}");
    }

    const FIRST: Page = Page {
        number: 1,
        size: PAGE_SIZE,
    };

    #[test]
    fn what_is_asked_is_read() {
        check(Interface::Brands, "", Ok(Asked::Brands(FIRST)));
        check(Interface::Types, "parentid=+7+", Ok(Asked::Types(7, FIRST)));
        let page = Page { number: 3, size: 9 };
        check(
            Interface::Cars,
            "parentid=530&page=3&pagesize=9",
            Ok(Asked::Cars(530, page)),
        );
        assert_eq!(page.range(), 18..27);
        let page = Page {
            number: 1,
            size: SEARCH_PAGE_SIZE,
        };
        check(
            Interface::Search,
            "keyword=+bsj+",
            Ok(Asked::Search("bsj".into(), page)),
        );
        let detail = |query, one| check(Interface::Detail, query, Ok(Asked::One(one)));
        detail("carid=1&groupid=2&typeid=3", One::Car(1));
        detail("groupid=2&typeid=3", One::Group(2));
        detail("typeid=4294967295", One::Type(u32::MAX));
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        check(Interface::Types, "", Err(Fault::Missing("parentid")));
        check(
            Interface::Search,
            "keyword=+",
            Err(Fault::Missing("keyword")),
        );
        check(Interface::Oil, "typeid=530", Err(Fault::Missing("carid")));
        check(Interface::Detail, "", Err(Fault::NoId));
        for id in ["0", "-1", "+1", "1.0", "x", "4294967296", "１"] {
            let query = form_value(id);
            check(
                Interface::Cars,
                &format!("parentid={query}"),
                Err(Fault::Id("parentid")),
            );
            check(
                Interface::Detail,
                &format!("carid={query}"),
                Err(Fault::Id("carid")),
            );
        }
        let long = "车".repeat(KEYWORD_CHARS);
        let page = Page {
            number: 1,
            size: SEARCH_PAGE_SIZE,
        };
        check(
            Interface::Search,
            &format!("keyword={long}"),
            Ok(Asked::Search(long.clone(), page)),
        );
        check(
            Interface::Search,
            &format!("keyword={long}x"),
            Err(Fault::Keyword),
        );
        for (query, fault) in [
            ("page=0", Fault::Page),
            ("page=1001", Fault::Page),
            ("page=a", Fault::Page),
            ("pagesize=0", Fault::PageSize),
            ("pagesize=1001", Fault::PageSize),
        ] {
            check(Interface::Brands, query, Err(fault));
        }
    }

    /// A plus in a form is a blank.
    fn form_value(text: &str) -> String {
        text.replace('+', "%2B")
    }
}
