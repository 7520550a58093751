//! How the records of sections are declared, and what keeps their layout and the version together.

macro_rules! records {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)+ })+) => {
        $($(#[$doc])*
        #[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned, Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(C)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)+
        })+

        /// The records of this module as they stand in a pack; see [`crate::pack::VERSION`].
        #[cfg(test)]
        pub(crate) const LAYOUT: &str = concat!(
            $(stringify!($name), "{", $(stringify!($field), ":", stringify!($type), ";",)+ "}",)+
        );
    };
}
pub(crate) use records;

#[cfg(test)]
mod tests {
    use crate::pack::VERSION;
    use crate::{catalogue, names, overlay, records, vpic};
    use sha2::{Digest as _, Sha256};

    /// The digest of the layout of version [`VERSION`].
    const DIGEST: &str = "9a8cb944d1d161e6c5271aae97d830800e2a093513b3f4061e3788b62bcdd1cc";

    #[test]
    fn a_new_layout_is_a_new_version() {
        let mut digest = Sha256::new();
        digest.update(VERSION.to_string());
        for layout in [
            vpic::LAYOUT,
            overlay::LAYOUT,
            catalogue::LAYOUT,
            names::LAYOUT,
            records::LAYOUT,
        ] {
            digest.update(layout);
        }
        let found = format!("{:x}", digest.finalize());
        assert_eq!(
            found, DIGEST,
            "records changed: raise VERSION in pack.rs, then put the new digest here"
        );
    }
}
