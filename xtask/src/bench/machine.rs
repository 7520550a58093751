//! What machine a measurement ran on, and what the kernel knows about a process.

use std::fs::read_to_string;

/// Processor, cores and kernel, in a few words.
pub fn description() -> String {
    let cpu = read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = value(&cpu, "model name").unwrap_or("an unnamed processor");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = read_to_string("/proc/meminfo").unwrap_or_default();
    let memory = value(&memory, "MemTotal").and_then(kilobytes).unwrap_or(0);
    let system = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let gigabytes = (memory as f64 / 1e6).round();
    format!(
        "{model}, {cores} cores, {gigabytes} GB, Linux {}",
        system.trim()
    )
}

fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let line = text.lines().find(|line| line.starts_with(key))?;
    Some(line.split_once(':')?.1.trim())
}

fn kilobytes(text: &str) -> Option<u64> {
    text.split(' ').next()?.parse().ok()
}

/// The most memory that process `pid` has had resident so far, in MB.
pub fn peak_resident(pid: u32) -> Option<f64> {
    let status = read_to_string(format!("/proc/{pid}/status")).ok()?;
    let peak = value(&status, "VmHWM").and_then(kilobytes)?;
    Some(peak as f64 * 1024.0 / 1e6)
}

/// The processor time that process `pid` and those that it started have used so far, in seconds.
pub fn processor_time(pid: u32) -> Option<f64> {
    let entries = std::fs::read_dir("/proc").ok()?;
    let pids = entries.filter_map(|e| e.ok()?.file_name().to_str()?.parse().ok());
    let all: Vec<_> = pids.filter_map(process).collect();
    let mut family = vec![pid];
    let mut seconds = all.iter().find(|process| process.pid == pid)?.seconds;
    while let Some(parent) = family.pop() {
        for child in all.iter().filter(|process| process.parent == parent) {
            seconds += child.seconds;
            family.push(child.pid);
        }
    }
    Some(seconds)
}

struct Process {
    pid: u32,
    parent: u32,
    seconds: f64,
}

fn process(pid: u32) -> Option<Process> {
    // After the name, which may hold spaces: field 4 is the parent, 14 and 15 are ticks of 1/100 s.
    let stat = read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<_> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let ticks = |n: usize| fields.get(n).and_then(|t| t.parse::<f64>().ok());
    Some(Process {
        pid,
        parent: fields.get(1)?.parse().ok()?,
        seconds: (ticks(11)? + ticks(12)?) / 100.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory_and_time() {
        assert!(peak_resident(std::process::id()).expect("a figure") > 0.1);
        assert!(processor_time(std::process::id()).expect("a figure") >= 0.0);
        assert!(description().contains("cores"));
    }
}
