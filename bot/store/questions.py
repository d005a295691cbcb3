"""What the next free text of a person in a chat will be taken for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Address, Question
from bot.store.tables import OpenQuestion


async def ask(session: AsyncSession, person_id: int, address: Address, question: Question, now: datetime) -> None:
    """Open a question; it takes the place of the one before."""
    await session.merge(
        OpenQuestion(
            person_id=person_id,
            platform=address.platform,
            chat=address.chat,
            kind=question.kind,
            about=question.about,
            until=now + question.lasts,
        )
    )


async def open_question(session: AsyncSession, person_id: int, address: Address, now: datetime) -> OpenQuestion | None:
    """The question that waits here, unless its time is over."""
    question = await session.get(OpenQuestion, (person_id, address.platform, address.chat))
    return question if question and question.until >= now else None


async def close(session: AsyncSession, person_id: int, address: Address) -> None:
    """Nothing is asked here any more."""
    await session.execute(
        delete(OpenQuestion).where(
            OpenQuestion.person_id == person_id,
            OpenQuestion.platform == address.platform,
            OpenQuestion.chat == address.chat,
        )
    )
