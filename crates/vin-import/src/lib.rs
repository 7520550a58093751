//! Open data to packs.
