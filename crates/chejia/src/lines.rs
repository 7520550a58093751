//! Lines in, lines out, in order, on any number of threads and in constant memory.

use std::io::{self, Read, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// How much is read at once. A line becomes a hundred times as long, so that the output of this
/// much still fits the processor's cache.
const CHUNK: usize = 4 * 1024;

/// The longest line that is kept whole; of a longer one this much.
const MAX_LINE: usize = 4 * 1024;

/// What is done with each line.
pub trait Work: Send + Sync + 'static {
    /// Makes what one thread works with: it takes a line of input without its line break, and
    /// appends a line of output without its own.
    fn worker(&self) -> Worker<'_>;
}

/// What one thread works with.
pub type Worker<'w> = Box<dyn FnMut(&[u8], &mut Vec<u8>) + 'w>;

/// Works through `input` with `threads` threads beside the ones that read and write; with one
/// thread, all is done on the caller's.
///
/// # Errors
/// The first failure of reading or writing. What was read before it has been written.
pub fn run<W: Work>(
    input: impl Read + Send + 'static,
    output: impl Write,
    threads: usize,
    work: Arc<W>,
) -> io::Result<()> {
    match threads {
        0 | 1 => run_alone(input, output, &*work),
        _ => run_together(input, output, threads, work),
    }
}

fn run_alone(input: impl Read, mut output: impl Write, work: &impl Work) -> io::Result<()> {
    let mut chunks = Chunks::new(input);
    let mut worker = work.worker();
    let mut out = Vec::new();
    while let Some(chunk) = chunks.next()? {
        work_through(chunk, &mut out, &mut worker);
        output.write_all(&out)?;
        out.clear();
    }
    output.flush()
}

/// A chunk of lines, and where its output goes.
type Job = (Vec<u8>, SyncSender<Vec<u8>>);

fn run_together<W: Work>(
    input: impl Read + Send + 'static,
    mut output: impl Write,
    threads: usize,
    work: Arc<W>,
) -> io::Result<()> {
    let (to_workers, jobs) = sync_channel::<Job>(threads);
    let (to_writer, results) = sync_channel::<Receiver<Vec<u8>>>(threads * 2);
    let jobs = Arc::new(Mutex::new(jobs));
    // Buffers go round: what the writer is done with, a worker fills again.
    let spare = Arc::new(Mutex::new(Vec::<Vec<u8>>::new()));
    for _ in 0..threads {
        let (jobs, work, spare) = (jobs.clone(), work.clone(), spare.clone());
        thread::spawn(move || {
            let mut worker = work.worker();
            loop {
                let job = locked(&jobs).recv();
                let Ok((chunk, reply)) = job else { return };
                let mut out = locked(&spare).pop().unwrap_or_default();
                work_through(&chunk, &mut out, &mut worker);
                // The writer may be gone, for its reader was.
                let _ = reply.send(out);
            }
        });
    }
    // No thread is waited for: when the writer stops, the reader may be waiting for input.
    let (to_end, end) = sync_channel::<io::Error>(1);
    thread::spawn(move || {
        let mut chunks = Chunks::new(input);
        loop {
            match chunks.next() {
                Ok(Some(chunk)) => {
                    let (reply, result) = sync_channel(1);
                    let sent = to_writer.send(result).is_ok()
                        && to_workers.send((chunk.to_vec(), reply)).is_ok();
                    if !sent {
                        return;
                    }
                }
                Ok(None) => return,
                Err(error) => {
                    let _ = to_end.send(error);
                    return;
                }
            }
        }
    });
    for result in results {
        // A worker that is gone has panicked, and said so.
        let mut out = result.recv().map_err(io::Error::other)?;
        output.write_all(&out)?;
        out.clear();
        locked(&spare).push(out);
    }
    output.flush()?;
    match end.try_recv() {
        Ok(error) => Err(error),
        Err(_) => Ok(()),
    }
}

/// A thread that panicked has left nothing half done behind these locks.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn work_through(chunk: &[u8], out: &mut Vec<u8>, worker: &mut Worker<'_>) {
    let chunk = chunk.strip_suffix(b"\n").unwrap_or(chunk);
    for line in chunk.split(|&b| b == b'\n') {
        worker(line.strip_suffix(b"\r").unwrap_or(line), out);
        out.push(b'\n');
    }
}

/// Input cut into pieces of whole lines.
struct Chunks<R> {
    input: R,
    buffer: Vec<u8>,
    /// How much of the buffer was handed out, and is to be dropped.
    used: usize,
    /// Whether the rest of a line that was too long is being dropped.
    skipping: bool,
    ended: bool,
}

impl<R: Read> Chunks<R> {
    fn new(input: R) -> Self {
        Self {
            input,
            buffer: Vec::with_capacity(CHUNK + MAX_LINE),
            used: 0,
            skipping: false,
            ended: false,
        }
    }

    /// The next whole lines; the last line of the input may lack its line break.
    fn next(&mut self) -> io::Result<Option<&[u8]>> {
        self.buffer.drain(..self.used);
        self.used = 0;
        while !self.ended {
            let kept = self.buffer.len();
            self.buffer.resize(kept + CHUNK, 0);
            let read = self.input.read(&mut self.buffer[kept..]);
            self.buffer.truncate(kept + *read.as_ref().unwrap_or(&0));
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => self.ended = read? == 0,
            }
            self.drop_rest_of_long_line(kept);
            if let Some(end) = self.buffer[kept..].iter().rposition(|&b| b == b'\n') {
                self.used = kept + end + 1;
                return Ok(Some(&self.buffer[..self.used]));
            }
            if self.buffer.len() > MAX_LINE {
                self.buffer.truncate(MAX_LINE);
                self.skipping = true;
            }
        }
        self.used = self.buffer.len();
        Ok((self.used > 0).then_some(&self.buffer[..]))
    }

    fn drop_rest_of_long_line(&mut self, from: usize) {
        if self.skipping {
            let end = self.buffer[from..].iter().position(|&b| b == b'\n');
            self.skipping = end.is_none();
            let end = end.map_or(self.buffer.len(), |end| from + end);
            self.buffer.drain(from..end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;

    struct Length;
    impl Work for Length {
        fn worker(&self) -> Worker<'_> {
            Box::new(|input, out| write!(out, "{}", input.len()).expect("memory"))
        }
    }

    /// Input that arrives in the pieces that it is made of.
    struct Pieces(VecDeque<Vec<u8>>);
    impl Read for Pieces {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let piece = self.0.pop_front().unwrap_or_default();
            buffer[..piece.len()].copy_from_slice(&piece);
            Ok(piece.len())
        }
    }

    #[track_caller]
    fn check(pieces: &[&str], lengths: &str) {
        for threads in [1, 3] {
            let input = Pieces(pieces.iter().map(|p| p.as_bytes().to_vec()).collect());
            let mut out = Vec::new();
            run(input, &mut out, threads, Arc::new(Length)).expect("works");
            let text = String::from_utf8(out).expect("digits");
            let found: Vec<_> = text.lines().collect();
            assert_eq!(found.join(" "), lengths, "{threads} threads");
        }
    }

    #[test]
    fn there_is_one_line_out_for_each_line_in() {
        check(&[], "");
        check(&["a\nbb\r\n\nccc"], "1 2 0 3");
        check(&["a", "b\nc", "\n", "\n", "d"], "2 1 0 1");
        check(&["\n"], "0");
    }

    #[test]
    fn the_order_stays_whatever_thread_was_faster() {
        let lines: Vec<String> = (0..2000).map(|n| "x".repeat(n % 97) + "\n").collect();
        let pieces: Vec<&str> = lines.iter().map(String::as_str).collect();
        let lengths: Vec<String> = (0..2000).map(|n| (n % 97).to_string()).collect();
        check(&pieces, &lengths.join(" "));
    }

    #[test]
    fn an_endless_line_takes_no_memory_and_counts_as_one() {
        let piece = "x".repeat(CHUNK);
        let mut pieces = vec!["a\n"];
        pieces.extend([piece.as_str(); 20]);
        pieces.push("end\nbb\n");
        check(&pieces, &format!("1 {MAX_LINE} 2"));
    }
}
