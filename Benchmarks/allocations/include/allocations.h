#pragma once

// How often this thread has allocated so far; negative where nothing counts.
long allocations_of_this_thread(void);
