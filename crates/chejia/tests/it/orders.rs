//! Order numbers stay unique when a server dies without a word.

use crate::{PAGE_VIN, Server};
use std::collections::HashSet;

#[test]
fn a_killed_server_never_gives_a_number_again() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut seen = HashSet::new();
    for _ in 0..3 {
        let server = Server::demo(dir.path());
        for _ in 0..20 {
            let json = server.look_up("demo", PAGE_VIN);
            let order = json["data"]["order_no"].as_str().expect("an order number");
            assert_eq!(order.len(), 18);
            assert!(seen.insert(order.to_owned()), "{order} was given twice");
        }
        server.signal("KILL");
        server.end();
    }
}
