"""Ways for edges: right-angled lines from card to card that go round cards, bend little and keep off each other.

The shortest way over a grid of a few lines beside each card (Dijkstra with the A* estimate; Wybrow, Marriott and
Stuckey, "Orthogonal connector routing", 2009, is the model). Costs are in px; ties are broken by position, so that the same
cards give the same ways.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush

from graph_build.view.ink import Box

Point = tuple[float, float]
Way = tuple[Point, ...]

BEND = 26.0
SHARED = 140.0
"""Cost of running along another edge, for each piece of the grid."""
CROSSING = 18.0
APART = 7.0
"""Distance below which two lines look like one."""
ROOM = 5.0
"""Distance that edges keep from cards that they do not end at."""
NEAR = 420.0
"""How far beyond the two cards a way is looked for."""
GREED = 1.25
"""Weight of what is left to go: a way may be longer than the shortest by this much, and is found far sooner."""
LOOKS = 4_000
"""Points of the grid that are looked at for one way before it is given up."""
_STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))


class Router:
    """Finds ways among cards; each way that was found makes its pieces dear for those after it.

    careful  the shortest way, however long it takes to find; for pictures of few cards
    """

    def __init__(self, cards: Sequence[Box], xs: Iterable[float], ys: Iterable[float], careful: bool = False) -> None:
        self.greed, self.shared, self.looks = (1.0, 2.5 * SHARED, 10 * LOOKS) if careful else (GREED, SHARED, LOOKS)
        self.cards = cards
        self.xs = sorted({round(x, 1) for x in xs})
        self.ys = sorted({round(y, 1) for y in ys})
        self.across: set[tuple[int, int]] = set()  # pieces (xi, yi) to (xi + 1, yi) that a card is on
        self.down: set[tuple[int, int]] = set()
        for card in cards:
            self._block(card)
        self.used: dict[tuple[int, int, bool], int] = {}
        self.taken: dict[Point, int] = {}

    def _block(self, card: Box) -> None:
        left = max(0, bisect_right(self.xs, card.left - ROOM) - 1)
        right = bisect_left(self.xs, card.right + ROOM)
        top = max(0, bisect_right(self.ys, card.top - ROOM) - 1)
        bottom = bisect_left(self.ys, card.bottom + ROOM)
        for xi in range(left, min(right, len(self.xs) - 1)):
            for yi in range(top, bottom + 1):
                if yi < len(self.ys) and card.top - ROOM < self.ys[yi] < card.bottom + ROOM:
                    self.across.add((xi, yi))
        for yi in range(top, min(bottom, len(self.ys) - 1)):
            for xi in range(left, right + 1):
                if xi < len(self.xs) and card.left - ROOM < self.xs[xi] < card.right + ROOM:
                    self.down.add((xi, yi))

    def way(self, starts: Sequence[tuple[Point, int]], ends: Sequence[tuple[Point, int]], area: Box) -> Way:
        """The best way from one of the starts to one of the ends, or () where there is none.

        Each is a point on the border of a card with the direction in which a line leaves (enters) there: 0 right, 1 down,
        2 left, 3 up.
        """
        goals: dict[tuple[int, int, int], Point] = {}
        heap: list[tuple[float, float, int, int, int]] = []
        best: dict[tuple[int, int, int], float] = {}
        came: dict[tuple[int, int, int], tuple[int, int, int]] = {}
        origin: dict[tuple[int, int, int], Point] = {}
        for at, way in ends:
            spot = self._off(at, (way + 2) % 4)
            if spot:
                goals[(*spot, way)] = at
        if not goals:
            return ()
        targets = [(self.xs[xi], self.ys[yi]) for xi, yi, _ in goals]
        low_x, high_x = min(x for x, _ in targets), max(x for x, _ in targets)
        low_y, high_y = min(y for _, y in targets), max(y for _, y in targets)

        def left_to_go(xi: int, yi: int) -> float:
            x, y = self.xs[xi], self.ys[yi]
            return self.greed * (max(0.0, low_x - x, x - high_x) + max(0.0, low_y - y, y - high_y))

        for at, way in starts:
            spot = self._off(at, way)
            if spot:
                state = (*spot, way)
                cost = 60.0 * self.taken.get(at, 0)
                if cost < best.get(state, 1e18):
                    best[state] = cost
                    origin[state] = at
                    heappush(heap, (cost + left_to_go(*spot), cost, *state))
        found: tuple[int, int, int] | None = None
        for _ in range(self.looks):
            if not heap:
                break
            _, cost, xi, yi, way = heappop(heap)
            state = (xi, yi, way)
            if cost > best.get(state, 1e18):
                continue
            if state in goals:
                found = state
                break
            for turn, (dx, dy) in enumerate(_STEPS):
                if (turn + 2) % 4 == way:
                    continue
                to_x, to_y = xi + dx, yi + dy
                if not (0 <= to_x < len(self.xs) and 0 <= to_y < len(self.ys)):
                    continue
                x, y = self.xs[to_x], self.ys[to_y]
                if x < area.left or x > area.right or y < area.top or y > area.bottom:
                    continue
                piece = (min(xi, to_x), min(yi, to_y))
                flat = dx != 0
                if piece in (self.across if flat else self.down):
                    continue
                more = abs(x - self.xs[xi]) + abs(y - self.ys[yi])
                more += BEND if turn != way else 0
                more += self.shared * self.used.get((*piece, flat), 0)
                if self.used.get((to_x, to_y, not flat), 0) or self.used.get(
                    (to_x - (not flat), to_y - flat, not flat), 0
                ):
                    more += CROSSING
                following = (to_x, to_y, turn)
                total = cost + more + (60.0 * self.taken.get(goals[following], 0) if following in goals else 0)
                if total < best.get(following, 1e18):
                    best[following] = total
                    came[following] = state
                    heappush(heap, (total + left_to_go(to_x, to_y), total, *following))
        if found is None:
            return ()
        states = [found]
        while states[-1] in came:
            states.append(came[states[-1]])
        states.reverse()
        begin, end = origin[states[0]], goals[found]
        for (ax, ay, _), (bx, by, _) in itertools.pairwise(states):
            self._use(min(ax, bx), min(ay, by), ay == by)
        for at in (begin, end):
            self.taken[at] = self.taken.get(at, 0) + 1
        return _straight([begin, *((self.xs[xi], self.ys[yi]) for xi, yi, _ in states), end])

    def _use(self, xi: int, yi: int, flat: bool) -> None:
        """Make a piece dear, and those so near beside it that two lines there would look like one."""
        lines, at = (self.ys, yi) if flat else (self.xs, xi)
        for i in range(bisect_right(lines, lines[at] - APART), bisect_left(lines, lines[at] + APART)):
            key = (xi, i, True) if flat else (i, yi, False)
            self.used[key] = self.used.get(key, 0) + 1

    def _off(self, at: Point, way: int) -> tuple[int, int] | None:
        """The first point of the grid that a line reaches which leaves a card here, beyond the room around the card."""
        x, y = at
        if way % 2 == 0:
            if round(y, 1) not in self.ys[bisect_left(self.ys, round(y, 1)) : bisect_left(self.ys, round(y, 1)) + 1]:
                return None
            yi = bisect_left(self.ys, round(y, 1))
            xi = bisect_left(self.xs, x + ROOM) if way == 0 else bisect_right(self.xs, x - ROOM) - 1
        else:
            xi = bisect_left(self.xs, round(x, 1))
            if xi >= len(self.xs) or self.xs[xi] != round(x, 1):
                return None
            yi = bisect_left(self.ys, y + ROOM) if way == 1 else bisect_right(self.ys, y - ROOM) - 1
        if not (0 <= xi < len(self.xs) and 0 <= yi < len(self.ys)):
            return None
        spot = Box(min(x, self.xs[xi]), min(y, self.ys[yi]), max(x, self.xs[xi]), max(y, self.ys[yi]))
        blocked = any(
            c.left - ROOM < spot.right
            and spot.left < c.right + ROOM
            and c.top - ROOM < spot.bottom
            and spot.top < c.bottom + ROOM
            for c in self.cards
            if not (c.left <= x <= c.right and c.top <= y <= c.bottom)
        )
        return None if blocked else (xi, yi)


def _straight(points: Sequence[Point]) -> Way:
    """The points at which a way bends, with its two ends."""
    kept: list[Point] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        if len(kept) >= 2 and ((kept[-2][0] == kept[-1][0] == point[0]) or (kept[-2][1] == kept[-1][1] == point[1])):
            kept[-1] = point
        else:
            kept.append(point)
    return tuple(kept)
