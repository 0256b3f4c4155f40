"""A procedural painter of illustrated landscapes: every picture is a function of its seed and size."""
