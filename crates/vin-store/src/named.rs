//! Kinds that the database knows by a name.

/// An enumeration whose values have names in the database; a row that holds another name is damaged.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $text:literal)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$each])* $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name in the database.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The one of that name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }

            pub(crate) fn read(row: &$crate::db::sql::Row, column: usize) -> Result<Self, $crate::StoreError> {
                let name = row.text(column)?;
                Self::parse(&name).ok_or_else(|| {
                    $crate::StoreError::Database(format!(concat!(stringify!($name), " {:?} is none"), name))
                })
            }
        }
    };
}
pub(crate) use named;
