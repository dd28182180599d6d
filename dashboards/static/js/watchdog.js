// A clock of its own thread: a page in the background has its timers held back to one a minute, a worker has not.
setInterval(() => postMessage(0), 2000);
