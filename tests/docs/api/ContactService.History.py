import grpc
from suasion.v1.contact_pb2 import ContactState
from suasion.v1.contact_service_pb2 import HistoryRequest
from suasion.v1.contact_service_pb2_grpc import ContactServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
answer = ContactServiceStub(channel).History(HistoryRequest(user_id="u2", page_size=10), timeout=1)
for contact in answer.contacts:
    print(contact.plan, contact.channel, ContactState.Name(contact.state), contact.fencing_token)
